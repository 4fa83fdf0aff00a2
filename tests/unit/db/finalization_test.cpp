// SPDX-License-Identifier: MIT
#include "db/processing.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class finalization : public database_test<finalization> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);
  processing::window_rules window;

  /// A transfer in an awaiting status, accepted `seconds` ago.
  void awaiting(int n, const std::optional<std::string>& to, int seconds, const std::string& status = "UNDETERMINED") {
    ASSERT_TRUE(
        in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, transfer(n, address(9), to, 1)); }));
    set(n, "status = '" + status + "', timestamp_awaiting_finalization = extract(epoch FROM now()) - " +
               std::to_string(seconds));
  }
  void set(int n, const std::string& what) {
    sql("UPDATE transactions SET " + what + " WHERE hash = '" + hash(n) + "'");
  }
  std::string status(int n) { return value("SELECT status FROM transactions WHERE hash = '" + hash(n) + "'"); }
  std::vector<std::string> ready() {
    const auto found = in_transaction(
        *on, [&](transaction& tx) { return processing::finalizable(tx, {}, window, 100); }, access::single_statement);
    if (!found) throw std::runtime_error{found.error().detail};
    std::vector<std::string> hashes;
    for (const auto& one : *found) hashes.push_back(one.hash);
    return hashes;
  }
  bool finalize(int n, const std::optional<std::string>& to) {
    const auto done =
        in_transaction(*on, [&](transaction& tx) { return processing::finalize(tx, hash(n), to, {}, window); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  const std::string a = address(1), b = address(2);
};

TEST_F(finalization, comes_when_the_window_is_over) {
  awaiting(1, a, 20);
  EXPECT_TRUE(ready().empty());
  EXPECT_FALSE(finalize(1, a));
  window.window = std::chrono::seconds{10};
  EXPECT_EQ(ready(), std::vector{hash(1)});
  EXPECT_TRUE(finalize(1, a));
  EXPECT_EQ(status(1), "FINALIZED");
  EXPECT_FALSE(finalize(1, a));
  EXPECT_TRUE(ready().empty());
}

TEST_F(finalization, is_tracked) {
  awaiting(1, a, 100);
  set(1, R"(consensus_history = '{"current_status_changes": ["PENDING", "UNDETERMINED"]}', worker_id = 'w')");
  ASSERT_TRUE(finalize(1, a));
  EXPECT_EQ(value("SELECT consensus_history -> 'current_status_changes' FROM transactions"),
            R"(["PENDING", "UNDETERMINED", "FINALIZED"])");
  EXPECT_EQ(value("SELECT count(*) FROM transactions WHERE worker_id IS NULL AND blocked_at IS NULL"), "1");
}

TEST_F(finalization, concerns_the_four_awaiting_statuses) {
  for (const auto* const one : {"ACCEPTED", "UNDETERMINED", "LEADER_TIMEOUT", "VALIDATORS_TIMEOUT"}) {
    awaiting(1, a, 100, one);
    EXPECT_TRUE(finalize(1, a)) << one;
    sql("DELETE FROM transactions");
  }
  for (const auto* const one : {"PENDING", "CANCELED", "PROPOSING", "FINALIZED"}) {
    awaiting(1, a, 100, one);
    EXPECT_TRUE(ready().empty()) << one;
    EXPECT_FALSE(finalize(1, a)) << one;
    sql("DELETE FROM transactions");
  }
}

TEST_F(finalization, waits_for_an_appeal_and_for_the_time_it_took) {
  awaiting(1, a, 100);
  set(1, "appealed = true");
  EXPECT_FALSE(finalize(1, a));
  set(1, "appealed = false, appeal_processing_time = 90");
  EXPECT_FALSE(finalize(1, a));
  set(1, "appeal_processing_time = 60");
  EXPECT_TRUE(finalize(1, a));
}

TEST_F(finalization, failed_appeals_shorten_the_window) {
  awaiting(1, a, 25);
  set(1, "appeal_failed = 1");  // 30 s × 0.8 = 24 s
  EXPECT_TRUE(finalize(1, a));
  awaiting(2, a, 20);
  set(2, "appeal_failed = 1");
  EXPECT_FALSE(finalize(2, a));
  set(2, "appeal_failed = 2");  // 19.2 s
  EXPECT_TRUE(finalize(2, a));
}

TEST_F(finalization, leader_modes_skip_the_window) {
  awaiting(1, a, 0);
  set(1, "execution_mode = 'LEADER_ONLY'");
  EXPECT_TRUE(finalize(1, a));
}

TEST_F(finalization, rows_of_the_seed_and_stranded_rows_are_not_forgotten) {
  awaiting(1, a, 0);
  set(1, "timestamp_awaiting_finalization = 0");
  EXPECT_TRUE(finalize(1, a));
  awaiting(2, b, 0);
  set(2, "timestamp_awaiting_finalization = NULL");
  EXPECT_FALSE(finalize(2, b));
  set(2, "created_at = now() - interval '11 minutes'");
  EXPECT_EQ(ready(), std::vector{hash(2)});
  EXPECT_TRUE(finalize(2, b));
}

TEST_F(finalization, keeps_the_order_of_a_recipient) {
  awaiting(1, a, 100);
  awaiting(2, a, 100);
  awaiting(3, b, 100);
  EXPECT_EQ(ready(), (std::vector{hash(1), hash(3)}));
  EXPECT_FALSE(finalize(2, a));
  EXPECT_TRUE(finalize(1, a));
  EXPECT_TRUE(finalize(2, a));
}

TEST_F(finalization, never_overtakes_an_older_open_row_of_any_type) {
  awaiting(1, a, 0, "PENDING");
  set(1, "type = 2");
  awaiting(2, a, 100);
  EXPECT_TRUE(ready().empty());
  EXPECT_FALSE(finalize(2, a));
  set(1, "status = 'CANCELED'");
  EXPECT_TRUE(finalize(2, a));
}

TEST_F(finalization, leaves_other_types_and_leased_rows_alone) {
  awaiting(1, a, 100);
  set(1, "type = 1");
  EXPECT_FALSE(finalize(1, a));
  set(1, "type = 0, blocked_at = now(), worker_id = 'w'");
  EXPECT_FALSE(finalize(1, a));
  awaiting(2, b, 100);
  awaiting(3, b, 0, "PENDING");
  set(3, "blocked_at = now()");  // a younger row of the same recipient is at work
  EXPECT_FALSE(finalize(2, b));
  EXPECT_TRUE(ready().empty());
}

TEST_F(finalization, burns_form_one_queue) {
  awaiting(1, std::nullopt, 100);
  awaiting(2, std::nullopt, 100);
  EXPECT_EQ(ready(), std::vector{hash(1)});
  EXPECT_FALSE(finalize(1, a));
  EXPECT_FALSE(finalize(2, std::nullopt));
  EXPECT_TRUE(finalize(1, std::nullopt));
  EXPECT_TRUE(finalize(2, std::nullopt));
}

}  // namespace
}  // namespace quorate::db::tests
