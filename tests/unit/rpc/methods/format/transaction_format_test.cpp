// SPDX-License-Identifier: MIT
#include "rpc/methods/format/transaction_format.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods {
namespace {

using tests::pending_call;
using tests::recipient;
using tests::sender;
using tests::some_hash;

constexpr format_context context{.now = 1780308001, .chain_id = 61999};

json parsed(const std::string& text) {
  auto value = chain::parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json{};
}

// The worked example of docs/spec/json-rpc.md §9.2, its abbreviated values filled in.
json worked_example() {
  auto example = parsed(R"({"data":{"calldata":"AQIDBA=="},"value":0,"type":2,"status":"PENDING",
    "txExecutionResult":0,"txExecutionResultName":"NOT_VOTED","fees":null,"result":5,"consensus_data":null,"gaslimit":3,
    "nonce":3,"r":null,"s":null,"v":null,"created_at":"2026-06-01T10:00:00.123456+00:00","leader_only":false,
    "execution_mode":"NORMAL","triggered_by":null,"triggered_on":null,"triggered_transactions":[],"appealed":false,
    "timestamp_awaiting_finalization":null,"appeal_failed":0,"appeal_undetermined":false,"consensus_history":{},
    "timestamp_appeal":null,"appeal_processing_time":0,"contract_snapshot":null,"config_rotation_rounds":3,
    "num_of_initial_validators":5,"last_vote_timestamp":"0","rotation_count":0,"appeal_leader_timeout":false,
    "leader_timeout_validators":null,"appeal_validators_timeout":false,"sim_config":{},"value_credited":false,
    "current_timestamp":"1780308001","tx_slot":"0","created_timestamp":"1780308000",
    "read_state_block_range":{"activation_block":"0","processing_block":"0","proposal_block":"0"},
    "activator":"","last_leader":"","result_name":"NO_MAJORITY","tx_data":"c6840102030400","tx_execution_hash":"",
    "eq_blocks_outputs":"0xc8c6c28000c0c080c0","messages":[],"queue_type":"1","queue_position":"0","num_of_rounds":"0",
    "last_round":{"round":"0","leader_index":"0","votes_committed":"0","votes_revealed":"0","appeal_bond":"0",
      "rotations_left":"3","result":5,"round_validators":[],"validator_votes_hash":[],"validator_votes":[],
      "validator_votes_name":[]}})");
  example["hash"] = example["tx_id"] = some_hash;
  example["from_address"] = example["sender"] = example["origin_address"] = sender;
  example["to_address"] = example["recipient"] = recipient;
  example["random_seed"] = "0x" + std::string(64, '0');
  return example;
}

TEST(format_a, is_the_worked_example_and_the_standard_members) {
  auto expected = worked_example();
  expected.update({{"blockHash", some_hash},
                   {"blockNumber", "0x0"},
                   {"transactionIndex", "0x0"},
                   {"from", sender},
                   {"to", recipient},
                   {"gas", "0x7a1200"},
                   {"gasPrice", "0x0"},
                   {"input", "0xc6840102030400"},
                   {"chainId", "0xf22f"}});
  EXPECT_EQ(parsed(format_a(pending_call(), context)), expected);
}

TEST(format_c, has_exactly_the_base_fields) {
  const std::set<std::string> base{"hash",
                                   "from_address",
                                   "to_address",
                                   "data",
                                   "value",
                                   "type",
                                   "status",
                                   "txExecutionResult",
                                   "txExecutionResultName",
                                   "fees",
                                   "result",
                                   "consensus_data",
                                   "gaslimit",
                                   "nonce",
                                   "r",
                                   "s",
                                   "v",
                                   "created_at",
                                   "leader_only",
                                   "execution_mode",
                                   "origin_address",
                                   "triggered_by",
                                   "triggered_on",
                                   "triggered_transactions",
                                   "appealed",
                                   "appeal_undetermined",
                                   "appeal_leader_timeout",
                                   "appeal_validators_timeout",
                                   "timestamp_awaiting_finalization",
                                   "timestamp_appeal",
                                   "appeal_failed",
                                   "appeal_processing_time",
                                   "rotation_count",
                                   "consensus_history",
                                   "contract_snapshot",
                                   "config_rotation_rounds",
                                   "num_of_initial_validators",
                                   "last_vote_timestamp",
                                   "leader_timeout_validators",
                                   "sim_config",
                                   "value_credited"};
  const auto object = parsed(format_c(pending_call()));
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  EXPECT_EQ(names, base);
  EXPECT_EQ(object["result"], nullptr);
  EXPECT_EQ(object["last_vote_timestamp"], nullptr);
}

TEST(format_b, renames_and_can_leave_out_the_big_columns) {
  auto row = pending_call();
  row.last_vote_timestamp = 1780307999;
  const auto full = parsed(format_b(row, true));
  EXPECT_EQ(full["tx_id"], some_hash);
  EXPECT_EQ(full["sender"], sender);
  EXPECT_EQ(full["recipient"], recipient);
  EXPECT_EQ(full["initial_rotations"], 3);
  EXPECT_EQ(full["created_timestamp"], "1780308000");
  EXPECT_EQ(full["last_vote_timestamp"], "1780307999");
  for (const auto* gone : {"hash", "from_address", "to_address", "config_rotation_rounds", "created_at"})
    EXPECT_FALSE(full.contains(gone)) << gone;

  const auto slim = parsed(format_b(row, false));
  EXPECT_EQ(slim.size() + 6, full.size());
  for (const auto* gone :
       {"data", "consensus_data", "consensus_history", "contract_snapshot", "leader_timeout_validators", "sim_config"})
    EXPECT_FALSE(slim.contains(gone)) << gone;
}

TEST(every_format, survives_a_row_of_which_nothing_is_known) {
  db::transaction_row row;
  row.hash = some_hash;
  const auto object = parsed(format_a(row, context));
  EXPECT_EQ(object["data"], nullptr);
  EXPECT_EQ(object["consensus_history"], nullptr);
  EXPECT_EQ(object["nonce"], nullptr);
  EXPECT_EQ(object["gaslimit"], 0);
  EXPECT_EQ(object["tx_data"], "");
  EXPECT_EQ(object["from"], "0x" + std::string(40, '0'));
  EXPECT_EQ(object["to"], nullptr);
  EXPECT_EQ(object["last_round"]["rotations_left"], "0");
  parsed(format_b(row, true));
  parsed(format_c(row));
}

TEST(every_format, survives_parts_of_the_wrong_shape) {
  const char* odd[] = {"[]",
                       "1",
                       "\"text\"",
                       "{}",
                       R"({"votes":null,"leader_receipt":null,"validators":null})",
                       R"({"leader_receipt":[null,null],"votes":{"0x1":null}})",
                       R"({"leader_receipt":[{"node_config":null,"result":5,"pending_transactions":[null,{}]},{}]})",
                       R"({"error":"no_validators_available","retries":5})",
                       "broken"};
  const char* histories[] = {
      "[]", "{}", R"({"consensus_results":null})", R"({"consensus_results":[null]})",
      R"({"consensus_results":[{"leader_result":null,"validator_results":[null,{"vote":null}]}]})"};
  for (const auto* data : odd)
    for (const auto* history : histories) {
      auto row = pending_call();
      row.data = row.consensus_data = data;
      row.consensus_history = history;
      row.leader_timeout_validators = data;
      parsed(format_a(row, context));
    }
}

TEST(every_format, hides_private_keys_wherever_they_are) {
  auto row = pending_call();
  const std::string receipt =
      R"({"node_config":{"address":"0x1","private_key":"0xsecret","deep":[{"private_key":"0xsecret"}]}})";
  row.consensus_data = R"({"leader_receipt":[)" + receipt + R"(],"validators":[)" + receipt + "]}";
  row.consensus_history = R"({"consensus_results":[{"leader_result":[)" + receipt + R"(],"validator_results":[]}]})";
  row.leader_timeout_validators = R"([{"address":"0x1","private_key":"0xsecret"}])";
  for (const auto& text : {format_a(row, context), format_b(row, true), format_c(row)})
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  const auto object = parsed(format_c(row));
  EXPECT_EQ(object["leader_timeout_validators"][0]["private_key"], nullptr);
  EXPECT_TRUE(object["leader_timeout_validators"][0].contains("private_key"));
}

TEST(numbers, lose_no_digit) {
  const std::string largest(78, '9');
  for (const std::string& digits : {std::string{"9007199254740992"}, std::string{"18446744073709551616"}, largest}) {
    auto row = pending_call();
    row.value = chain::parse_decimal(digits);
    row.data = R"({"fee_value": )" + digits + "}";
    row.consensus_history = R"({"current_monitoring": {"PENDING": 1780308000.123456}, "n": )" + digits + "}";
    row.contract_snapshot = R"({"balance": )" + digits + "}";
    const auto text = format_c(row);
    EXPECT_NE(text.find(R"("value":)" + digits + ","), std::string::npos);
    EXPECT_NE(text.find(R"("fee_value":")" + digits + "\""), std::string::npos) << "json-safe inside data (Q27)";
    EXPECT_NE(text.find(R"("n":)" + digits + "}"), std::string::npos) << "a number in the history (Q27)";
    EXPECT_NE(text.find("1780308000.123456"), std::string::npos);
    EXPECT_NE(text.find(R"("contract_snapshot":{"balance":)" + digits + "}"), std::string::npos);
  }
}

TEST(result_text, is_the_leaders_result_made_readable) {
  auto row = pending_call();
  const auto with_receipt = [&](const std::string& receipt) {
    row.consensus_data = R"({"votes":{},"leader_receipt":[)" + receipt + "]}";
    return parsed(format_c(row));
  };
  EXPECT_EQ(with_receipt(R"({"result":"AGhlbGxv","execution_result":"SUCCESS"})")["result"], "hello");
  EXPECT_EQ(with_receipt(R"({"result":"Af9ib/9v"})")["result"], "boo");  // 01 ff 'b' 'o' ff 'o'
  EXPECT_EQ(with_receipt(R"({"result":"not base64"})")["result"], "");
  row.consensus_data = R"({"error":"max_generic_retries_exceeded"})";
  EXPECT_EQ(parsed(format_c(row))["result"], json::object());
}

TEST(execution_result, comes_from_the_first_receipt_in_either_form) {
  auto row = pending_call();
  row.consensus_data = R"({"leader_receipt":[{"execution_result":"SUCCESS"},{"execution_result":"ERROR"}]})";
  EXPECT_EQ(parsed(format_c(row))["txExecutionResultName"], "FINISHED_WITH_RETURN");
  row.consensus_data = R"({"leader_receipt":{"execution_result":"ERROR"}})";
  EXPECT_EQ(parsed(format_c(row))["txExecutionResult"], 2);
}

TEST(contract_state, is_left_out_of_leader_receipts_unless_asked_for) {
  auto row = pending_call();
  row.consensus_data = R"({"leader_receipt":[{"contract_state":{"a":"b"},"vote":null}],"validators":[]})";
  EXPECT_FALSE(parsed(format_a(row, context))["consensus_data"]["leader_receipt"][0].contains("contract_state"));
  const auto asked = parsed(format_a(row, {.now = 0, .chain_id = 1, .include_contract_state = true}));
  EXPECT_EQ(asked["consensus_data"]["leader_receipt"][0]["contract_state"]["a"], "b");
}

TEST(queue_type, follows_the_status) {
  auto row = pending_call();
  const auto of = [&](db::tx_status status) {
    row.status = status;
    return parsed(format_a(row, context))["queue_type"];
  };
  EXPECT_EQ(of(db::tx_status::activated), "1");
  EXPECT_EQ(of(db::tx_status::accepted), "2");
  EXPECT_EQ(of(db::tx_status::undetermined), "3");
  EXPECT_EQ(of(db::tx_status::finalized), "0");
}

}  // namespace
}  // namespace quorate::rpc::methods
