// SPDX-License-Identifier: MIT
#include "actors/web3/row.hpp"

#include <gtest/gtest.h>

#include "actors/web3/json_rpc.hpp"
#include "chain/signed_transaction.hpp"

namespace quorate::actors::web3 {
namespace {

TEST(web3_row, the_fate_of_a_nonce_follows_from_two_counts) {
  EXPECT_EQ(fate_of(4, 5, 5), fate::replaced);
  EXPECT_EQ(fate_of(5, 5, 5), fate::fits);
  EXPECT_EQ(fate_of(5, 5, 6), fate::pending);
  EXPECT_EQ(fate_of(6, 5, 6), fate::fits);
  EXPECT_EQ(fate_of(7, 5, 6), fate::too_early);
}

TEST(web3_row, what_was_stored_tells_its_chain_nonce_and_account) {
  const auto key = chain::parse_private_key(std::string(63, '0') + "7").value();
  chain::transaction_fields fields;
  fields.chain_id = 31337;
  fields.nonce = 9;
  const auto found =
      make_row({.hash = "0x01", .raw = chain::sign_transaction(fields, key).value()}, 1, 2, chain::address20{});
  EXPECT_EQ(found.at, row::phase::check_used);
  EXPECT_EQ(found.chain_id, 31337U);
  EXPECT_EQ(found.nonce, 9U);
  EXPECT_EQ(found.account, chain::address_of(key).value());
  EXPECT_EQ(make_row({.hash = "0x01", .raw = {1, 2}}, 1, 2, {}).at, row::phase::again);
}

TEST(web3_json_rpc, only_the_answer_to_the_request_is_one) {
  EXPECT_EQ(read_reply(R"({"jsonrpc":"2.0","id":7,"result":"0x1"})", 7)->result, "0x1");
  EXPECT_TRUE(read_reply(R"({"jsonrpc":"2.0","id":7,"result":null})", 7)->result.is_null());
  EXPECT_EQ(*read_reply(R"({"id":7,"error":{"code":-1,"message":"no"}})", 7)->refusal, "no");
  for (const auto* text : {"", "null", "[]", R"({"id":8,"result":1})", R"({"id":"7","result":1})", R"({"id":7})"})
    EXPECT_FALSE(read_reply(text, 7)) << text;
}

TEST(web3_json_rpc, a_batch_is_answered_call_by_call_in_any_order) {
  EXPECT_EQ(
      batch_text(7, "m", {chain::json::array({1}), chain::json::array({2})}),
      R"([{"jsonrpc":"2.0","id":7,"method":"m","params":[1]},{"jsonrpc":"2.0","id":8,"method":"m","params":[2]}])");
  const auto said = read_batch(R"([{"id":8,"result":"b"},{"id":7,"error":{"message":"no"}}])", 7, 2);
  ASSERT_TRUE(said);
  EXPECT_FALSE(said->refused);
  EXPECT_EQ(said->replies.at(0).refusal, "no");
  EXPECT_EQ(said->replies.at(1).result, "b");
  EXPECT_TRUE(read_batch(R"({"id":null,"error":{"message":"no batches"}})", 7, 2)->refused);
  for (const auto* rubbish :
       {"", "null", "{}", "[]", R"([{"id":7,"result":1}])", R"([{"id":7,"result":1},{"id":7,"result":1}])",
        R"([{"id":7,"result":1},{"id":9,"result":1}])", R"([{"id":7,"result":1},{"id":-1,"result":1}])",
        R"([{"id":7,"result":1},{"id":8}])", R"([{"id":7,"result":1},3])", R"({"id":7,"result":1})"})
    EXPECT_FALSE(read_batch(rubbish, 7, 2)) << rubbish;
}

TEST(web3_json_rpc, quantities_have_64_bits) {
  EXPECT_EQ(read_quantity("0x1b"), 27U);
  EXPECT_EQ(read_quantity("0xffffffffffffffff"), 0xffffffffffffffffU);
  for (const chain::json& wrong :
       {chain::json{"0x10000000000000000"}, chain::json{"27"}, chain::json{27}, chain::json{}})
    EXPECT_FALSE(read_quantity(wrong));
}

TEST(web3_json_rpc, a_receipt_belongs_to_its_transaction) {
  const chain::json good{
      {"transactionHash", "0xaa"}, {"status", "0x1"}, {"blockNumber", "0x5"}, {"logs", chain::json::array()}};
  const auto read = read_receipt(good, "0xaa");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->succeeded);
  EXPECT_EQ(read->block, 5);
  EXPECT_FALSE(read->announced);
  EXPECT_FALSE(read_receipt(good, "0xab"));
  auto bad = good;
  bad["status"] = "0x2";
  EXPECT_FALSE(read_receipt(bad, "0xaa"));
  bad.erase("status");
  EXPECT_FALSE(read_receipt(bad, "0xaa"));
  EXPECT_FALSE(read_receipt("0x", "0xaa"));
}

}  // namespace
}  // namespace quorate::actors::web3
