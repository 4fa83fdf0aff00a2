// SPDX-License-Identifier: MIT
#include "db/reads.hpp"

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class key_reads : public database_test<key_reads> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  read_results read(const read_keys& keys) {
    const auto mode = keys.size() == 1 ? access::single_statement : access::read_only;
    const auto found = in_transaction(
        *on, [&](transaction& tx) { return read_many(tx, keys); }, mode);
    if (!found) throw std::runtime_error{found.error().detail};
    return *found;
  }
  auto read(read_kind kind, std::vector<std::string> keys) { return read({{kind, std::move(keys)}}).at(kind); }
  void insert(const transactions::new_transaction& row) {
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, row); }));
  }
};

TEST_F(key_reads, balances_by_address) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('a', '{}', " + biggest_wei + "), ('b', '{}', 0)");
  const auto found = read(read_kind::balance, {"b", "a", "nobody"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(std::get<chain::integer>(found.at("a")), chain::integer{biggest_wei});
  EXPECT_EQ(std::get<chain::integer>(found.at("b")), 0);
}

TEST_F(key_reads, hostile_keys_hurt_nobody) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('a', '{}', 1)");
  const auto found =
      read(read_kind::balance, {"\"", "\\", "{a}", "a,b", "", "NULL", std::string("a\0b", 3), "'; DROP", "a"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(std::get<chain::integer>(found.at("a")), 1);
  EXPECT_TRUE(read(read_kind::balance, {}).empty());
}

TEST_F(key_reads, nonces_are_counts) {
  insert(transfer(1, address(1), address(2), 0));
  insert(transfer(2, address(1), address(2), 0));
  insert(transfer(3, address(1), std::nullopt, 0));
  const auto found =
      read({{read_kind::sender_nonce, {address(1), address(2)}}, {read_kind::target_nonce, {address(2)}}});
  EXPECT_EQ(found.at(read_kind::sender_nonce).size(), 1U);
  EXPECT_EQ(std::get<std::uint64_t>(found.at(read_kind::sender_nonce).at(address(1))), 3U);
  EXPECT_EQ(std::get<std::uint64_t>(found.at(read_kind::target_nonce).at(address(2))), 2U);
}

TEST_F(key_reads, a_transaction_comes_whole_and_a_receipt_without_its_weight) {
  auto parent = transfer(1, address(1), address(2), 7);
  parent.data = R"({"contract_address": "0xC", "calldata": "AA=="})";
  insert(parent);
  auto child = transfer(2, address(1), address(2), 7);
  child.triggered_by_hash = hash(1);
  insert(child);
  sql("UPDATE transactions SET contract_snapshot = '{}', timestamp_awaiting_finalization = 5");
  const auto found = read({{read_kind::transaction, {hash(1)}}, {read_kind::receipt, {hash(1), hash(2), hash(3)}}});
  const auto& whole = *std::get<std::shared_ptr<const transaction_row>>(found.at(read_kind::transaction).at(hash(1)));
  EXPECT_EQ(whole.triggered_transactions, std::vector{hash(2)});
  EXPECT_EQ(whole.contract_snapshot, "{}");
  EXPECT_EQ(whole.consensus_history, "{}");
  ASSERT_EQ(found.at(read_kind::receipt).size(), 2U);
  const auto& light = *std::get<std::shared_ptr<const transaction_row>>(found.at(read_kind::receipt).at(hash(1)));
  EXPECT_EQ(light.data, std::nullopt);
  EXPECT_EQ(light.consensus_data, std::nullopt);
  EXPECT_EQ(light.contract_snapshot, std::nullopt);
  EXPECT_EQ(light.consensus_history, std::nullopt);
  EXPECT_EQ(light.timestamp_awaiting_finalization, 5);
  EXPECT_EQ(light.value, chain::integer{7});
  EXPECT_TRUE(light.triggered_transactions.empty());
}

TEST_F(key_reads, a_receipt_knows_how_a_finalized_run_ended) {
  const auto outcome = [&](const std::string& status, int type, const std::string& consensus_data) {
    sql("UPDATE transactions SET status = '" + status + "', type = " + std::to_string(type) +
        ", consensus_data = " + consensus_data);
    return std::get<std::shared_ptr<const transaction_row>>(read(read_kind::receipt, {hash(1)}).at(hash(1)))
        ->consensus_data;
  };
  insert(transfer(1, address(1), address(2), 7));
  const std::string failed =
      R"('{"votes": {}, "leader_receipt": [{"execution_result": "ERROR", "result": "AQ=="}, {}]}')";
  EXPECT_EQ(outcome("FINALIZED", 2, failed),
            R"({"leader_receipt": [{"execution_result": "ERROR"}], "upgrade_result": null})");
  EXPECT_EQ(outcome("FINALIZED", 1, R"('{"leader_receipt": {"execution_result": "ERROR"}}')"),
            R"({"leader_receipt": [{"execution_result": "ERROR"}], "upgrade_result": null})");
  EXPECT_EQ(outcome("FINALIZED", 3, R"('{"upgrade_result": "failed", "error": "x"}')"),
            R"({"leader_receipt": [{"execution_result": null}], "upgrade_result": "failed"})");
  EXPECT_EQ(outcome("ACCEPTED", 2, failed), std::nullopt);
  EXPECT_EQ(outcome("FINALIZED", 0, failed), std::nullopt);
  for (const auto* none : {"'null'", "NULL", "'[]'"}) EXPECT_EQ(outcome("FINALIZED", 2, none), std::nullopt) << none;
}

TEST_F(key_reads, code_is_found_in_every_form_of_state) {
  const std::string slot = R"("4a4jQSeS32tqmPt8mDlwH7iwK2/H7QIoEPeDRklGhec=")";
  sql("INSERT INTO current_state (id, data, balance) VALUES "
      "('head', '{\"state\": {\"accepted\": {" +
      slot +
      ": \"AAA=\"}, \"finalized\": {}}}', 0), "
      "('old', '{\"state\": {" +
      slot +
      ": \"BBB=\"}}', 0), ('account', '{}', 0), ('seed account', '\"{}\"', 0), "
      "('undeployed', '{\"state\": {\"accepted\": {}, \"finalized\": {" +
      slot + ": \"CCC=\"}}}', 0)");
  const auto found = read(read_kind::contract_code, {"head", "old", "account", "seed account", "undeployed", "nobody"});
  EXPECT_EQ(std::get<std::string>(found.at("head")), "AAA=");
  EXPECT_EQ(std::get<std::string>(found.at("old")), "BBB=");
  EXPECT_EQ(std::get<std::string>(found.at("undeployed")), "");
  for (const auto* none : {"account", "seed account", "nobody"}) EXPECT_FALSE(found.contains(none)) << none;
}

TEST_F(key_reads, many_keys_travel_at_once) {
  sql("INSERT INTO current_state (id, data, balance) SELECT 'k' || n, '{}', n FROM generate_series(1, 300) n");
  std::vector<std::string> keys;
  for (int n = 1; n <= 300; ++n) keys.push_back("k" + std::to_string(n));
  const auto found = read(read_kind::balance, keys);
  ASSERT_EQ(found.size(), 300U);
  EXPECT_EQ(std::get<chain::integer>(found.at("k299")), 299);
}

}  // namespace
}  // namespace quorate::db::tests
