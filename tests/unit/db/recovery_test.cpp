// SPDX-License-Identifier: MIT
#include "db/processing.hpp"

#include <pqxx/pqxx>

#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class recovery : public database_test<recovery> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);
  using hashes = std::vector<std::string>;

  void row(int n, const std::string& what, std::optional<std::string> parent = {}) {
    auto one = transfer(n, address(1), address(2), 5);
    one.triggered_by_hash = std::move(parent);
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, one); }));
    sql("UPDATE transactions SET " + what + " WHERE hash = '" + hash(n) + "'");
  }
  std::string get(int n, const std::string& what) {
    return value("SELECT coalesce((" + what + ")::text, 'none') FROM transactions WHERE hash = '" + hash(n) + "'");
  }
  processing::recovery_report recover() {
    const auto done = in_transaction(*on, [](transaction& tx) { return processing::recover(tx, {}); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
};

const std::string dead_lease = "blocked_at = now() - interval '31 minutes', worker_id = 'dead'";

TEST_F(recovery, leaves_the_living_and_the_finished_alone) {
  row(1, "status = 'PENDING'");
  row(2, "status = 'PROPOSING', blocked_at = now() - interval '29 minutes', worker_id = 'w'");
  row(3, "status = 'FINALIZED', " + dead_lease);
  row(4, "status = 'PROPOSING', type = 2, " + dead_lease);
  row(5, "status = 'PROPOSING'");
  const auto done = recover();
  EXPECT_TRUE(done.reset.empty() && done.canceled.empty() && done.released.empty());
}

TEST_F(recovery, resets_what_a_dead_worker_held) {
  row(1, "status = 'COMMITTING', consensus_data = '{\"votes\": {}}', consensus_history = '{\"a\": 1}', " + dead_lease);
  const auto from = connector_to(url_);
  const auto ear = from->listen(std::chrono::seconds{5});
  EXPECT_EQ(recover().reset, hashes{hash(1)});
  EXPECT_EQ(get(1, "status"), "PENDING");
  EXPECT_EQ(get(1, "blocked_at") + get(1, "worker_id") + get(1, "consensus_data") + get(1, "consensus_history"),
            "nonenonenonenone");
  EXPECT_EQ(get(1, "recovery_count"), "1");
  EXPECT_EQ(heard_by(**ear)[std::string{channels::transactions}], std::vector{hash(1)});
  EXPECT_TRUE(recover().reset.empty());
}

TEST_F(recovery, resets_what_lost_its_lease_on_the_way) {
  row(1, "status = 'REVEALING', created_at = now() - interval '6 minutes'");
  row(2, "status = 'PENDING', created_at = now() - interval '6 minutes'");
  EXPECT_EQ(recover().reset, hashes{hash(1)});
}

TEST_F(recovery, a_row_that_makes_progress_is_not_reset) {
  row(1,
      "status = 'PROPOSING', consensus_history = jsonb_build_object('current_monitoring', "
      "jsonb_build_object('PROPOSING', "
      "extract(epoch FROM now()) - 60.5, 'PENDING', 7)), " +
          dead_lease);
  EXPECT_TRUE(recover().reset.empty());
  for (const auto* const history : {R"('{"current_monitoring": {"PENDING": 7.5, "X": "text"}}')",
                                    R"('{"current_monitoring": []}')", "'null'", "NULL"}) {
    sql("UPDATE transactions SET status = 'PROPOSING', recovery_count = 0, consensus_history = " +
        std::string{history} + ", " + dead_lease);
    EXPECT_EQ(recover().reset, hashes{hash(1)}) << history;
  }
}

TEST_F(recovery, agreed_results_lose_their_lease_only) {
  row(1, "status = 'ACCEPTED', consensus_data = '{\"votes\": {}}', " + dead_lease);
  EXPECT_EQ(recover().released, hashes{hash(1)});
  EXPECT_EQ(get(1, "status"), "ACCEPTED");
  EXPECT_EQ(get(1, "consensus_data"), R"({"votes": {}})");
  EXPECT_EQ(get(1, "worker_id"), "none");
  EXPECT_EQ(get(1, "recovery_count"), "0");
}

TEST_F(recovery, too_many_recoveries_cancel_with_a_reason) {
  row(1, "status = 'PROPOSING', recovery_count = 3, consensus_data = '{\"votes\": {}}', " + dead_lease);
  row(2, "status = 'PENDING', recovery_count = 4, consensus_data = 'null', " + dead_lease);
  EXPECT_EQ(recover().canceled, (hashes{hash(1), hash(2)}));
  for (const int n : {1, 2}) {
    EXPECT_EQ(get(n, "status"), "CANCELED");
    EXPECT_EQ(get(n, "jsonb_typeof(consensus_data)"), "object");
    EXPECT_EQ(get(n, "consensus_data ->> 'error'"), "max_recovery_cycles_exceeded");
    EXPECT_EQ(get(n, "consensus_data ->> 'recovery_count'"), std::to_string(n + 2));
    EXPECT_EQ(get(n, "jsonb_typeof(consensus_data -> 'max_recovery_exhausted_at')"), "number");
    EXPECT_EQ(get(n, "worker_id"), "none");
  }
  EXPECT_EQ(get(1, "consensus_data -> 'votes'"), "{}");
}

TEST_F(recovery, cancelling_gives_back_what_was_paid_and_nothing_else) {
  row(1, "status = 'FINALIZED'");
  row(2, "recovery_count = 3, " + dead_lease, hash(1));                         // a child: paid at emission
  row(3, "recovery_count = 3, " + dead_lease, hash(1));                         // another one of the same contract
  row(4, "recovery_count = 3, value_credited = true, " + dead_lease, hash(1));  // has reached its recipient
  row(5, "recovery_count = 3, " + dead_lease);                                  // a root transfer has paid nothing yet
  EXPECT_EQ(recover().canceled.size(), 4U);
  EXPECT_EQ(server().query("SELECT id, balance FROM current_state", name()),
            (std::vector<std::vector<std::string>>{{address(1), "10"}}));
}

TEST_F(recovery, a_row_somebody_holds_right_now_is_passed_by) {
  row(1, "status = 'PROPOSING', " + dead_lease);
  const auto other = open_session(url_);
  const auto held = in_transaction(*other, [&](transaction& tx) -> result<bool> {
    tx.native().exec("SELECT 1 FROM transactions FOR UPDATE");
    EXPECT_TRUE(recover().reset.empty());
    return true;
  });
  EXPECT_TRUE(held);
  EXPECT_EQ(recover().reset, hashes{hash(1)});
}

}  // namespace
}  // namespace quorate::db::tests
