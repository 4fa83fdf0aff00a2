// SPDX-License-Identifier: MIT
#include "rpc/methods/format/receipt_format.hpp"

#include <gtest/gtest.h>

#include "chain/keccak.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods {
namespace {

using tests::pending_call;
using tests::recipient;
using tests::sender;
using tests::some_hash;

json receipt_of(const db::transaction_row& row) { return chain::parse_json(format_receipt(row)).value(); }

TEST(receipt, has_the_documented_shape) {
  const std::string padding(24, '0');
  const json log{
      {"address", recipient},
      {"topics", json::array({"0xdab9102861c7483a187584d6371d88316f005af507982ccf95c110879f3ed5a5", some_hash,
                              "0x" + padding + recipient.substr(2), "0x" + padding + sender.substr(2)})},
      {"data", "0x"},
      {"blockNumber", "0x0"},
      {"transactionHash", some_hash},
      {"transactionIndex", "0x0"},
      {"blockHash", some_hash},
      {"logIndex", "0x0"},
      {"removed", false}};
  const json expected{{"transactionHash", some_hash},
                      {"transactionIndex", "0x0"},
                      {"blockHash", some_hash},
                      {"blockNumber", "0x0"},
                      {"from", sender},
                      {"to", recipient},
                      {"cumulativeGasUsed", "0x7a1200"},
                      {"gasUsed", "0x7a1200"},
                      {"effectiveGasPrice", "0x0"},
                      {"type", "0x0"},
                      {"contractAddress", nullptr},
                      {"logs", json::array({log})},
                      {"logsBloom", "0x" + std::string(512, '0')},
                      {"status", "0x1"}};
  EXPECT_EQ(receipt_of(pending_call()), expected);
}

TEST(receipt, its_topic_is_the_events_hash) {
  const auto topic = chain::to_hex_0x(chain::keccak256("NewTransaction(bytes32,address,address)"));
  EXPECT_EQ(receipt_of(pending_call())["logs"][0]["topics"][0], topic);
}

TEST(receipt, of_the_faucet_decodes_too) {
  auto row = pending_call();
  row.from_address.reset();
  const auto receipt = receipt_of(row);
  EXPECT_EQ(receipt["from"], nullptr);
  EXPECT_EQ(receipt["logs"][0]["topics"][3], "0x" + std::string(64, '0'));
  row.to_address.reset();
  EXPECT_EQ(receipt_of(row)["logs"][0]["address"], "0x" + std::string(40, '0'));
}

TEST(receipt, names_the_contract_of_a_deploy) {
  auto row = pending_call();
  row.type = 1;
  EXPECT_EQ(receipt_of(row)["contractAddress"], recipient);
}

TEST(receipt, status_is_0_only_when_all_is_over_and_failed) {
  auto row = pending_call();
  const auto status = [&](db::tx_status at) {
    row.status = at;
    return receipt_of(row)["status"];
  };
  for (const auto open : {db::tx_status::pending, db::tx_status::proposing, db::tx_status::accepted,
                          db::tx_status::undetermined, db::tx_status::leader_timeout, db::tx_status::finalized})
    EXPECT_EQ(status(open), "0x1");
  EXPECT_EQ(status(db::tx_status::canceled), "0x0");

  row.type = 0;
  row.value = 5;
  EXPECT_EQ(status(db::tx_status::finalized), "0x0") << "the transfer moved nothing";
  EXPECT_EQ(status(db::tx_status::undetermined), "0x1") << "not final";
  row.value_credited = true;
  EXPECT_EQ(status(db::tx_status::finalized), "0x1");

  row.type = 2;
  row.consensus_data = R"({"leader_receipt":[{"execution_result":"ERROR"}]})";
  EXPECT_EQ(status(db::tx_status::finalized), "0x0");
  EXPECT_EQ(status(db::tx_status::accepted), "0x1");
  row.consensus_data = R"({"upgrade_result":"failed"})";
  EXPECT_EQ(status(db::tx_status::finalized), "0x0");
}

}  // namespace
}  // namespace quorate::rpc::methods
