// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "rpc/methods/format/transaction_format.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods {
namespace {

TEST(tx_data, is_the_payload_with_flag_zero) {
  EXPECT_EQ(tx_data({{"calldata", "AQIDBA=="}}), "c6840102030400");
  EXPECT_EQ(tx_data({{"calldata", ""}}), "c28000");
  // [code "code", calldata 0e04617267730d09, 0x00], as in rlp.json.
  EXPECT_EQ(tx_data({{"contract_code", "Y29kZQ=="}, {"calldata", "DgRhcmdzDQk="}, {"contract_address", "0x1"}}),
            "cf84636f6465880e04617267730d0900");
  EXPECT_EQ(tx_data(json::object()), "");
  EXPECT_EQ(tx_data(nullptr), "");
  EXPECT_EQ(tx_data({{"calldata", 5}}), "");
  EXPECT_EQ(tx_data({{"new_code", "text"}}), "");
}

transaction_parts parts_of(const std::string& consensus_data, const std::string& history) {
  auto row = tests::pending_call();
  row.consensus_data = consensus_data;
  row.consensus_history = history;
  return transaction_parts{row};
}

TEST(eq_blocks_outputs, is_short_without_messages_and_rounds) {
  EXPECT_EQ(eq_blocks_outputs(parts_of("null", "{}")), "0xc8c6c28000c0c080c0");
}

TEST(eq_blocks_outputs, holds_messages_and_the_result_codes_of_rounds_with_a_leader) {
  const auto parts = parts_of(
      R"({"leader_receipt":[{"pending_transactions":[{"address":"0xA","calldata":"AQ==","value":5,"on":"accepted"}]}]})",
      R"({"consensus_results":[{"leader_result":null},{"leader_result":[{"result":"AQ=="}]}]})");
  const std::string message =
      "d5"
      "83307841"            // "0xA"
      "8441513d3d"          // "AQ=="
      "05"                  // the value
      "886163636570746564"  // "accepted"
      "80"                  // no code
      "80";                 // salt 0
  EXPECT_EQ(eq_blocks_outputs(parts), "0xe3dcc28000d6" + message + "c080c5c480c20100");
}

TEST(eq_blocks_outputs, takes_amounts_beyond_2_53_as_text) {
  const auto with = [](const std::string& value) {
    return eq_blocks_outputs(
        parts_of(R"({"leader_receipt":[{"pending_transactions":[{"value":)" + value + "}]}]}", "{}"));
  };
  EXPECT_NE(with("9007199254740993").find("9039303037313939323534373430393933"), std::string::npos);  // ASCII digits
  EXPECT_NE(with("9007199254740991").find("871fffffffffffff"), std::string::npos);
}

TEST(tx_execution_hash, needs_the_leader_as_a_validator) {
  EXPECT_EQ(tx_execution_hash(parts_of(R"({"leader_receipt":[{}]})", "{}")), "");
  const std::string receipt =
      R"({"vote":"agree","node_config":{"address":"0x1111111111111111111111111111111111111111"}})";
  EXPECT_EQ(tx_execution_hash(parts_of(R"({"leader_receipt":[)" + receipt + "," + receipt + "]}", "{}")),
            "0x4e2840ba2395567609fb2459b93ad5b19022323cf277a129e5d819f685f07e20");
}

TEST(messages, come_from_the_leaders_run) {
  const auto parts = parts_of(
      R"({"leader_receipt":[{"pending_transactions":[
        {"address":"0xA","calldata":"AQ==","value":10000000000000000000,"on":"accepted"},{"code":"AA=="}]}]})",
      "{}");
  EXPECT_EQ(
      messages(parts),
      R"([{"messageType":"0","recipient":"0xA","value":"10000000000000000000","data":"AQ==","onAcceptance":true},)"
      R"({"messageType":"0","recipient":"","value":0,"data":"","onAcceptance":false}])");
}

}  // namespace
}  // namespace quorate::rpc::methods
