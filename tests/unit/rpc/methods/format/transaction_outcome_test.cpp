// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "rpc/methods/format/transaction_format.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods {
namespace {

using tests::pending_call;

int outcome(const db::transaction_row& row) { return consensus_result(row, transaction_parts{row}); }

int outcome_of_votes(const std::vector<std::string>& votes) {
  auto row = pending_call();
  json all = json::object();
  for (std::size_t i = 0; i < votes.size(); ++i) all["0x" + std::to_string(i)] = votes[i];
  row.consensus_data = json{{"votes", all}}.dump();
  return outcome(row);
}

TEST(consensus_result, needs_more_than_half) {
  EXPECT_EQ(outcome_of_votes({}), 5);
  EXPECT_EQ(outcome_of_votes({"agree", "agree", "agree", "disagree", "timeout"}), 6);
  EXPECT_EQ(outcome_of_votes({"agree", "agree", "disagree", "disagree"}), 5);
  EXPECT_EQ(outcome_of_votes({"idle", "disagree", "agree"}), 7);
  EXPECT_EQ(outcome_of_votes({"timeout", "timeout", "agree"}), 3);
  EXPECT_EQ(outcome_of_votes({"timeout", "agree", "disagree"}), 5);
}

TEST(consensus_result, names) {
  EXPECT_EQ(consensus_result_name(3), "TIMEOUT");
  EXPECT_EQ(consensus_result_name(5), "NO_MAJORITY");
  EXPECT_EQ(consensus_result_name(6), "MAJORITY_AGREE");
  EXPECT_EQ(consensus_result_name(7), "MAJORITY_DISAGREE");
}

TEST(consensus_result, a_decided_leader_only_transaction_agrees) {
  auto row = pending_call();
  row.execution_mode = "LEADER_ONLY";
  EXPECT_EQ(outcome(row), 5);
  row.status = db::tx_status::accepted;
  EXPECT_EQ(outcome(row), 6);
  row.status = db::tx_status::finalized;
  EXPECT_EQ(outcome(row), 6);
  row.status = db::tx_status::undetermined;
  EXPECT_EQ(outcome(row), 5);
}

TEST(consensus_result, an_upgrade_says_it_itself) {
  auto row = pending_call();
  row.consensus_data = R"({"upgrade_result":"success","contract_address":"0x1"})";
  EXPECT_EQ(outcome(row), 6);
  row.consensus_data = R"({"upgrade_result":"failed","error":"x"})";
  EXPECT_EQ(outcome(row), 7);
}

// Vectors of docs/spec/consensus.md §10.5 and keccak.json.
TEST(vote_hash, agrees_with_the_vectors) {
  const std::string ones = "0x" + std::string(40, '1');
  EXPECT_EQ(vote_hash(ones, 1, 7), "0x5a50a91c3c8fa926bf845d5317893d86f1b4625e796f68d666d3b9de276360b3");
  EXPECT_EQ(vote_hash(ones, 1, 4444), "0x4e2840ba2395567609fb2459b93ad5b19022323cf277a129e5d819f685f07e20");
  EXPECT_EQ(vote_hash(tests::sender, 5, 256), "0x02553047a89f3ff9bc00d7f8da27327923878f366d8161442ee007065010f00c");
  EXPECT_EQ(vote_hash("contract_not_found_handler", 1, 7), vote_hash("0x" + std::string(40, '0'), 1, 7));
}

TEST(last_round, lists_the_leader_as_validator_first) {
  auto row = pending_call();
  row.nonce = 7;
  row.rotation_count = 1;
  row.consensus_history = R"({"consensus_results":[
    {"consensus_round":"Leader Rotation","leader_result":[{"node_config":{"address":"0x1"}}],"validator_results":[]},
    {"consensus_round":"Accepted",
     "leader_result":[{"vote":null,"node_config":{"address":"0x1111111111111111111111111111111111111111"}},
                      {"vote":"agree","node_config":{"address":"0x1111111111111111111111111111111111111111"}}],
     "validator_results":[{"vote":"idle","node_config":{"address":"0x2222222222222222222222222222222222222222"}}]}]})";
  const auto round = chain::parse_json(last_round(row, transaction_parts{row}, 6).str()).value();
  EXPECT_EQ(round["round"], "1");
  EXPECT_EQ(round["votes_committed"], "2");
  EXPECT_EQ(round["votes_revealed"], "2");
  EXPECT_EQ(round["rotations_left"], "2");
  EXPECT_EQ(round["result"], 6);
  EXPECT_EQ(round["round_validators"], json::array({"0x" + std::string(40, '1'), "0x" + std::string(40, '2')}));
  EXPECT_EQ(round["validator_votes"], json::array({1, 5}));
  EXPECT_EQ(round["validator_votes_name"], json::array({"AGREE", "IDLE"}));
  EXPECT_EQ(round["validator_votes_hash"][0], "0x5a50a91c3c8fa926bf845d5317893d86f1b4625e796f68d666d3b9de276360b3");
}

TEST(votes, have_numbers_and_names) {
  EXPECT_EQ(vote_number("deterministic_violation"), 4);
  EXPECT_EQ(vote_number(""), 0);
  EXPECT_EQ(vote_name(4), "DETERMINISTIC_VIOLATION");
  EXPECT_EQ(vote_name(0), "NOT_VOTED");
}

}  // namespace
}  // namespace quorate::rpc::methods
