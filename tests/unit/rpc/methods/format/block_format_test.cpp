// SPDX-License-Identifier: MIT
#include "rpc/methods/format/block_format.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods {
namespace {

using tests::pending_call;
using tests::some_hash;

constexpr std::uint64_t number = 0x68b2f1a0;

json block(const std::vector<db::transaction_row>& rows) {
  return chain::parse_json(format_block(number, rows, 61999)).value();
}
json block_of_hashes(const std::vector<std::string>& hashes) {
  return chain::parse_json(format_block(number, hashes)).value();
}

TEST(block_hash, leads_back_to_its_number) {
  std::set<std::string> hashes;
  for (const std::uint64_t one : {std::uint64_t{0}, std::uint64_t{1}, number, ~std::uint64_t{0}}) {
    const auto hash = block_hash(one);
    EXPECT_EQ(hash.size(), 66u);
    EXPECT_EQ(number_of_block_hash(hash), one);
    hashes.insert(hash);
  }
  EXPECT_EQ(hashes.size(), 4u);
  EXPECT_FALSE(number_of_block_hash(some_hash));
  EXPECT_FALSE(number_of_block_hash("0x" + std::string(64, '0')));
  EXPECT_FALSE(number_of_block_hash(""));
}

TEST(block, has_the_documented_shape) {
  const std::string word = "0x" + std::string(64, '0');
  const json expected{{"number", "0x68b2f1a0"},
                      {"hash", block_hash(number)},
                      {"parentHash", block_hash(number - 1)},
                      {"sha3Uncles", "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"},
                      {"nonce", "0x0000000000000000"},
                      {"logsBloom", "0x" + std::string(512, '0')},
                      {"transactionsRoot", word},
                      {"stateRoot", word},
                      {"receiptsRoot", word},
                      {"transactions", json::array()},
                      {"timestamp", "0x68b2f1a0"},
                      {"miner", "0x" + std::string(40, '0')},
                      {"difficulty", "0x0"},
                      {"totalDifficulty", "0x0"},
                      {"gasUsed", "0x0"},
                      {"gasLimit", "0x1c9c380"},
                      {"baseFeePerGas", "0x0"},
                      {"size", "0x0"},
                      {"extraData", "0x"},
                      {"mixHash", word},
                      {"uncles", json::array()}};
  EXPECT_EQ(block_of_hashes({}), expected);
  EXPECT_EQ(block({}), expected);
}

TEST(block, lists_hashes_or_objects) {
  EXPECT_EQ(block_of_hashes({some_hash})["transactions"], json::array({some_hash}));
  auto row = pending_call();
  row.value = boost::multiprecision::pow(chain::integer{10}, 78) - 1;
  const auto inside = block({pending_call(), row})["transactions"][1];
  EXPECT_EQ(inside["blockNumber"], "0x68b2f1a0");
  EXPECT_EQ(inside["blockHash"], block_hash(number));
  EXPECT_EQ(inside["transactionIndex"], "0x1");
  EXPECT_EQ(inside["nonce"], "0x3");
  EXPECT_EQ(inside["type"], "0x0");
  EXPECT_EQ(inside["data"], "0xc6840102030400");
  EXPECT_EQ(chain::parse_hex_quantity(inside["value"].get<std::string>()), row.value);
  EXPECT_EQ(inside["status"], "PENDING") << "Studio's members stay where names do not collide";
}

TEST(block, of_the_faucet_has_a_sender_that_parsers_take) {
  auto row = pending_call();
  row.from_address.reset();
  row.nonce.reset();
  row.value.reset();
  const auto inside = block({row})["transactions"][0];
  EXPECT_EQ(inside["from"], "0x" + std::string(40, '0'));
  EXPECT_EQ(inside["nonce"], "0x0");
  EXPECT_EQ(inside["value"], "0x0");
}

TEST(own_block, is_found_by_the_hash_in_a_receipt) {
  const auto slim = chain::parse_json(format_own_block(some_hash)).value();
  EXPECT_EQ(slim["hash"], some_hash);
  EXPECT_EQ(slim["number"], "0x0");
  EXPECT_EQ(slim["timestamp"], "0x0");
  EXPECT_EQ(slim["difficulty"], "0x1");
  EXPECT_EQ(slim["gasLimit"], "0x7a1200");
  EXPECT_EQ(slim["transactions"], json::array({some_hash}));
  const auto full = chain::parse_json(format_own_block(pending_call(), {.chain_id = 61999})).value();
  EXPECT_EQ(full["transactions"][0]["blockHash"], some_hash);
  EXPECT_EQ(full["transactions"][0]["tx_id"], some_hash);
}

}  // namespace
}  // namespace quorate::rpc::methods
