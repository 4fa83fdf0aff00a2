// SPDX-License-Identifier: MIT
#include <thread>

#include "chain/base64.hpp"
#include "db/accounts.hpp"
#include "db/admin.hpp"
#include "db/detail/zlib_stream.hpp"
#include "db/processing.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

class snapshot_store : public database_test<snapshot_store> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  std::int64_t create() {
    const auto id = in_transaction(*on, [](transaction& tx) { return snapshots::create(tx); });
    if (!id) throw std::runtime_error{id.error().detail};
    return *id;
  }
  result<bool> restore(std::int64_t id) {
    return in_transaction(*on, [&](transaction& tx) { return snapshots::restore(tx, id); });
  }
  void restored(std::int64_t id) {
    const auto done = restore(id);
    ASSERT_TRUE(done) << done.error().message << done.error().detail;
    EXPECT_TRUE(*done);
  }
  /// Both tables as text, every column.
  std::string everything() {
    return value(
        "SELECT coalesce((SELECT string_agg(a::text, E'\\n' ORDER BY id) FROM current_state a), '') || "
        "coalesce((SELECT string_agg(t::text, E'\\n' ORDER BY hash) FROM transactions t), '')");
  }
  std::int64_t store(const std::string& accounts, const std::string& transactions) {
    const auto packed = [](const std::string& text) {
      detail::deflater deflater;
      deflater.add(text);
      return "decode('" + chain::to_base64(chain::as_bytes(deflater.finish())) + "', 'base64')";
    };
    return std::stoll(value("INSERT INTO snapshots (state_data, transaction_data) VALUES (" + packed(accounts) + ", " +
                            packed(transactions) + ") RETURNING snapshot_id"));
  }
  void wipe() { sql("DELETE FROM transactions; DELETE FROM current_state"); }
};

TEST_F(snapshot_store, brings_back_every_column_to_the_last_digit) {
  sql("INSERT INTO current_state VALUES ('0xA', '{\"n\": 123456789012345678901234567890.125, \"s\": "
      "\"\\\"é\\n{}[],:\"}', "
      "'2026-01-02 03:04:05.678901+00', " +
      biggest_wei + "), ('\"odd\" \\ key', '{}', NULL, 0)");
  sql(R"(INSERT INTO transactions VALUES ('f', 't', '1', '{"wei": 115792089237316195423570985008687907853269984665640564039457584007913129639935}',
    '3', 4, )" +
      biggest_wei +
      R"(, 3, 9007199254740993, '2026-01-02 03:04:05.000001+00', 7, 8, 9, 'LEADER_TIMEOUT', '0x2', true, NULL, true,
    10, true, 13, '[]', 12, 11, '{"a": 1e21}', 19, true, '[{}]', 20, 14, 21, true, '{}', NULL, NULL, 'accepted',
    'LEADER_ONLY', true, 'o', 22))");
  // The child comes first in every order: its parent is restored after it.
  sql("INSERT INTO transactions (hash, triggered_by_hash, leader_only, appealed, appeal_undetermined, "
      "appeal_leader_timeout, "
      "appeal_validators_timeout) VALUES ('0x1', '0x2', false, false, false, false, false)");
  const auto before = everything();
  const auto id = create();
  sql("DELETE FROM transactions; UPDATE current_state SET balance = 5; INSERT INTO current_state VALUES ('new', '{}', "
      "now(), 1)");
  restored(id);
  EXPECT_EQ(everything(), before);
  restored(id);
  EXPECT_EQ(everything(), before);
}

TEST_F(snapshot_store, of_nothing_is_nothing) {
  const auto id = create();
  sql("INSERT INTO current_state VALUES ('new', '{}', now(), 1)");
  restored(id);
  EXPECT_EQ(everything(), "");
}

TEST_F(snapshot_store, does_not_bring_back_leases) {
  ASSERT_TRUE(in_transaction(
      *on, [](transaction& tx) { return transactions::insert(tx, transfer(1, address(1), address(2), 3)); }));
  sql("UPDATE transactions SET blocked_at = now(), worker_id = 'w'");
  const auto id = create();
  wipe();
  restored(id);
  EXPECT_EQ(value("SELECT count(*) FROM transactions WHERE blocked_at IS NULL AND worker_id IS NULL"), "1");
}

TEST_F(snapshot_store, ids_go_on_and_unknown_ones_change_nothing) {
  const auto first = create(), second = create();
  EXPECT_GT(second, first);
  sql("INSERT INTO current_state VALUES ('a', '{}', now(), 1)");
  const auto before = everything();
  const auto done = restore(second + 1000);
  ASSERT_TRUE(done);
  EXPECT_FALSE(*done);
  EXPECT_EQ(everything(), before);
  EXPECT_EQ(*in_transaction(*on, [](transaction& tx) { return snapshots::remove_all(tx); }), 2);
  EXPECT_FALSE(*restore(first));
  EXPECT_GT(create(), second);
}

TEST_F(snapshot_store, reads_upstreams_form) {
  const auto id = store(
      R"({"0xA": {"data": {"state": {}}, "balance": 1000000000000000000000, "updated_at": "2026-01-02T03:04:05+00:00"},
          "0xB": {"data": "{}", "balance": 0, "updated_at": null}})",
      R"({"0x1": {"status": "FINALIZED", "from_address": null, "to_address": "0xA", "input_data": null, "data": {"é": "\u00e9"},
          "consensus_data": null, "nonce": 0, "value": 5, "type": 0, "gaslimit": null, "created_at": "2026-01-02T03:04:05.5+00:00",
          "leader_only": true, "r": null, "s": null, "v": null, "appeal_failed": 0, "consensus_history": {}, "timestamp_appeal": null,
          "appealed": false, "appeal_undetermined": false, "appeal_leader_timeout": false, "appeal_validators_timeout": false,
          "triggered_by_hash": "0x2", "value_credited": true}, "0x2": {"status": "PENDING", "leader_only": false, "appealed": false,
          "appeal_undetermined": false, "appeal_leader_timeout": false, "appeal_validators_timeout": false}})");
  restored(id);
  EXPECT_EQ(server().query("SELECT id, balance FROM current_state ORDER BY id", name()),
            (std::vector<std::vector<std::string>>{{"0xA", "1000000000000000000000"}, {"0xB", "0"}}));
  EXPECT_EQ(
      server().query(
          "SELECT hash, status, value, execution_mode, recovery_count, value_credited, triggered_by_hash, created_at "
          "AT TIME ZONE 'UTC' FROM transactions ORDER BY hash",
          name()),
      (std::vector<std::vector<std::string>>{
          {"0x1", "FINALIZED", "5", "NORMAL", "0", "t", "0x2", "2026-01-02 03:04:05.5"},
          {"0x2", "PENDING", "", "NORMAL", "0", "f", "", ""}}));
}

TEST_F(snapshot_store, a_damaged_one_changes_nothing) {
  sql("INSERT INTO current_state VALUES ('a', '{}', now(), 1)");
  const auto before = everything();
  const std::vector<std::int64_t> damaged{
      store("{}", "[]"), store("{}", "{\"a\": 1}"), store("{\"a\": ", "{}"),
      std::stoll(value("INSERT INTO snapshots (state_data, transaction_data) VALUES "
                       "('nonsense', '') RETURNING snapshot_id"))};
  for (const auto id : damaged) {
    const auto done = restore(id);
    ASSERT_FALSE(done) << id;
    EXPECT_EQ(done.error().code, errc::application);
    EXPECT_EQ(done.error().message, "Snapshot " + std::to_string(id) + " is damaged");
    EXPECT_EQ(everything(), before);
  }
}

TEST_F(snapshot_store, larger_than_one_batch) {
  sql("INSERT INTO current_state SELECT 'k' || n, jsonb_build_object('filler', repeat(md5(n::text), 40)), now(), n "
      "FROM "
      "generate_series(1, 4000) n");
  sql("INSERT INTO current_state VALUES ('huge', jsonb_build_object('filler', (SELECT string_agg(md5(n::text), '') "
      "FROM "
      "generate_series(1, 140000) n)), now(), 0)");
  const auto sum = [&] { return value("SELECT md5(string_agg(a::text, '' ORDER BY id)) FROM current_state a"); };
  const auto before = sum();
  const auto id = create();
  wipe();
  restored(id);
  EXPECT_EQ(sum(), before);
}

TEST_F(snapshot_store, what_is_brought_back_is_announced_to_the_loops_of_every_process) {
  const auto id = create();
  const auto ears = connector_to(url_)->listen(std::chrono::seconds{10});
  ASSERT_TRUE(ears);
  restored(id);
  const auto heard = (*ears)->wait(std::chrono::seconds{10});
  ASSERT_TRUE(heard);
  ASSERT_EQ(heard->size(), 1U);
  EXPECT_EQ(heard->front().channel, channels::transactions);
  EXPECT_EQ(heard->front().payload, "") << "look at everything";
}

/// Money that moves while snapshots are taken and put back is in one place or the other, never in both or none.
TEST_F(snapshot_store, is_never_mixed_with_a_workers_step) {
  ASSERT_TRUE(in_transaction(*on, [](transaction& tx) { return accounts::credit(tx, address(1), 1000); }));
  for (int n = 1; n <= 60; ++n) {
    ASSERT_TRUE(in_transaction(
        *on, [&](transaction& tx) { return transactions::insert(tx, transfer(n, address(1), address(2), 1)); }));
  }
  std::atomic<bool> stop{false};
  std::atomic<int> failures{0};
  std::thread worker{[&] {
    const auto mine = open_session(url_);
    while (!stop) {
      const auto found = in_transaction(*mine, [](transaction& tx) { return processing::pending_sends(tx, {}, 1); });
      if (!found || found->empty()) continue;
      const auto done = in_transaction(*mine, [&](transaction& tx) {
        return processing::process_send(tx, found->front().hash, found->front().to_address, {});
      });
      failures += done ? 0 : 1;
    }
  }};
  const std::string consistent =
      "SELECT (SELECT sum(balance) FROM current_state) = 1000 AND (SELECT coalesce((SELECT balance FROM current_state "
      "WHERE id = '" +
      address(2) + "'), 0)) = (SELECT count(*) FROM transactions WHERE status = 'FINALIZED')";
  for (int round = 0; round < 8; ++round) {
    const auto id = create();
    EXPECT_EQ(value(consistent), "t");
    restored(id);
    EXPECT_EQ(value(consistent), "t");
  }
  stop = true;
  worker.join();
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace quorate::db::tests
