// SPDX-License-Identifier: MIT
#include "db/submissions.hpp"

#include <pqxx/pqxx>

#include <thread>

#include "db/accounts.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

using submissions::verdict;

class submissions_table : public database_test<submissions_table> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  submissions::submission one(int n, tx_type type, chain::integer payment = 0) const {
    submissions::submission s;
    s.row = transfer(n, address(1), address(2), payment);
    s.row.type = type;
    s.row.accounts = {address(1)};
    if (type == tx_type::deploy) s.row.accounts.push_back(address(2));
    s.payment = std::move(payment);
    return s;
  }
  submissions::outcome submit(const submissions::submission& s) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return submissions::submit(tx, s); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  std::vector<submissions::outcome> store(const std::vector<submissions::submission>& group) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return submissions::store(tx, group); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  submissions::cancellation cancel(int n) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return submissions::cancel(tx, hash(n)); });
    if (!done) throw std::runtime_error{done.error().detail};
    return done->value();
  }
  std::optional<tx_status> appeal(int n) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return submissions::appeal(tx, hash(n)); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  std::string balance(int n) {
    return value("SELECT coalesce((SELECT balance::text FROM current_state WHERE id = '" + address(n) + "'), 'none')");
  }
  std::string get(int n, const std::string& what) {
    return value("SELECT coalesce((" + what + ")::text, 'none') FROM transactions WHERE hash = '" + hash(n) + "'");
  }
};

TEST_F(submissions_table, a_transfer_is_stored_and_takes_nothing_yet) {
  auto s = one(1, tx_type::send);
  s.row.value = 7;
  EXPECT_EQ(submit(s).what, verdict::stored);
  EXPECT_EQ(get(1, "status") + get(1, "value"), "PENDING7");
  EXPECT_EQ(balance(1), "0");
  EXPECT_EQ(balance(2), "none");
}

TEST_F(submissions_table, a_deploy_makes_the_contracts_account_and_takes_its_value) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(1) + "', '{}', 12)");
  EXPECT_EQ(submit(one(1, tx_type::deploy, 5)).what, verdict::stored);
  EXPECT_EQ(balance(1), "7");
  EXPECT_EQ(balance(2), "0");
}

TEST_F(submissions_table, what_a_sender_lacks_is_minted) {
  EXPECT_EQ(submit(one(1, tx_type::deploy, chain::integer{biggest_wei})).what, verdict::stored);
  EXPECT_EQ(balance(1), "0");
}

TEST_F(submissions_table, a_group_is_stored_as_each_would_be_alone_and_in_its_order) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(1) + "', '{}', 12)");
  auto stranger = one(4, tx_type::run, 2);
  stranger.row.to_address = address(9);
  auto capped = one(6, tx_type::run, 2);
  capped.caps.per_sender = 4;
  const auto done = store({one(2, tx_type::deploy, 5), one(3, tx_type::run, 1), stranger, one(2, tx_type::deploy, 5),
                           one(5, tx_type::send), capped, one(1, tx_type::run, 1)});
  std::vector<verdict> said;
  for (const auto& each : done) said.push_back(each.what);
  EXPECT_EQ(said, (std::vector{verdict::stored, verdict::stored, verdict::no_contract, verdict::known, verdict::stored,
                               verdict::stored, verdict::stored}));
  EXPECT_EQ(balance(1), "3");
  EXPECT_EQ(value("SELECT string_agg(hash, ' ' ORDER BY created_at) FROM transactions WHERE type > 0"),
            hash(2) + " " + hash(3) + " " + hash(6) + " " + hash(1));
}

TEST_F(submissions_table, a_group_locks_its_payers_in_the_order_of_everybody) {
  auto first = one(1, tx_type::deploy, 1), second = one(2, tx_type::deploy, 1);
  first.row.from_address = address(8);
  second.row.from_address = address(7);
  for (const int n : {7, 8})
    sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(n) + "', '{}', 5)");
  const auto mine = open_session(url_);
  std::thread other;
  const auto held = in_transaction(*mine, [&](transaction& tx) -> result<bool> {
    if (auto taken = accounts::credit(tx, address(7), 1); !taken) return tl::unexpected{taken.error()};
    other = std::thread{[&] { store({first, second}); }};
    while (
        value(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") ==
        "0")
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    // Had the group begun with the other one, this would be a deadlock.
    return accounts::credit(tx, address(8), 1);
  });
  other.join();
  ASSERT_TRUE(held) << held.error().detail;
  EXPECT_EQ(balance(7) + " " + balance(8), "5 5");
}

TEST_F(submissions_table, a_known_hash_writes_and_takes_nothing) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(1) + "', '{}', 12)");
  submit(one(1, tx_type::deploy, 5));
  auto again = one(1, tx_type::deploy, 5);
  again.row.accounts = {address(1), address(3)};
  EXPECT_EQ(submit(again).what, verdict::known);
  EXPECT_EQ(balance(1), "7");
  EXPECT_EQ(balance(3), "none");
  EXPECT_EQ(submit(one(1, tx_type::send)).what, verdict::known);
}

TEST_F(submissions_table, the_same_hash_from_two_at_once_is_paid_once) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(1) + "', '{}', 100)");
  for (int n = 10; n < 20; ++n) {
    std::vector<std::thread> both;
    std::atomic<int> stored = 0;
    for (int i = 0; i < 2; ++i) {
      both.emplace_back([&, n] {
        const auto mine = open_session(url_);
        const auto done =
            in_transaction(*mine, [&](transaction& tx) { return submissions::submit(tx, one(n, tx_type::deploy, 1)); });
        if (done && done->what == verdict::stored) ++stored;
      });
    }
    for (auto& t : both) t.join();
    EXPECT_EQ(stored, 1);
  }
  EXPECT_EQ(balance(1), "90");
}

TEST_F(submissions_table, a_call_wants_an_account_at_its_target) {
  EXPECT_EQ(submit(one(1, tx_type::run)).what, verdict::no_contract);
  EXPECT_EQ(balance(1), "none");
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(2) + "', '{}', 0)");
  EXPECT_EQ(submit(one(1, tx_type::run)).what, verdict::stored);
}

TEST_F(submissions_table, caps_count_what_is_pending) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(2) + "', '{}', 0)");
  const auto capped = [&](int n, submissions::pending_caps caps) {
    auto s = one(n, tx_type::run);
    s.caps = caps;
    return submit(s);
  };
  EXPECT_EQ(capped(1, {.per_contract = 2}).what, verdict::stored);
  EXPECT_EQ(capped(2, {.per_contract = 2}).what, verdict::stored);
  const auto full = capped(3, {.per_contract = 2});
  EXPECT_EQ(full.what, verdict::contract_full);
  EXPECT_EQ(full.pending, 2);
  EXPECT_EQ(capped(3, {.per_contract = 3, .per_sender = 2}).what, verdict::sender_full);
  EXPECT_EQ(capped(2, {.per_contract = 1}).what, verdict::known) << "a resubmission is no new load";
  sql("UPDATE transactions SET status = 'FINALIZED' WHERE hash = '" + hash(1) + "'");
  EXPECT_EQ(capped(3, {.per_contract = 2, .per_sender = 2}).what, verdict::stored);
}

TEST_F(submissions_table, an_appeal_is_noted_where_there_is_something_to_appeal) {
  EXPECT_FALSE(appeal(1));
  submit(one(1, tx_type::send));
  EXPECT_EQ(appeal(1), tx_status::pending);
  EXPECT_EQ(get(1, "appealed"), "false");
  for (const auto* status : {"ACCEPTED", "UNDETERMINED", "LEADER_TIMEOUT", "VALIDATORS_TIMEOUT"}) {
    sql(std::string{"UPDATE transactions SET appealed = false, timestamp_appeal = NULL, status = '"} + status + "'");
    const auto found = appeal(1);
    EXPECT_TRUE(found && submissions::is_appealable(*found));
    EXPECT_EQ(get(1, "appealed"), "true");
    EXPECT_EQ(get(1, "abs(timestamp_appeal - extract(epoch FROM now())) < 60"), "true");
  }
}

TEST_F(submissions_table, cancelling_gives_back_what_was_taken) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + address(1) + "', '{}', 12)");
  submit(one(1, tx_type::deploy, 5));
  EXPECT_TRUE(cancel(1).canceled);
  EXPECT_EQ(balance(1), "12");
  EXPECT_EQ(get(1, "status") + get(1, "consensus_history->'current_status_changes'->>1"), "CANCELEDCANCELED");
  const auto again = cancel(1);
  EXPECT_FALSE(again.canceled);
  EXPECT_EQ(again.status, "CANCELED");
  EXPECT_EQ(balance(1), "12");
}

TEST_F(submissions_table, cancelling_a_transfer_gives_nothing_back_for_nothing_was_taken) {
  auto s = one(1, tx_type::send);
  s.row.value = 7;
  submit(s);
  EXPECT_TRUE(cancel(1).canceled);
  EXPECT_EQ(balance(1), "0");
}

TEST_F(submissions_table, what_is_in_work_is_not_cancelled) {
  submit(one(1, tx_type::send));
  sql("UPDATE transactions SET blocked_at = now(), worker_id = 'w'");
  EXPECT_FALSE(cancel(1).canceled);
  EXPECT_EQ(get(1, "status"), "PENDING");
  sql("UPDATE transactions SET blocked_at = NULL, status = 'PROPOSING'");
  EXPECT_EQ(cancel(1).status, "PROPOSING");
}

TEST_F(submissions_table, a_sender_is_read) {
  submit(one(1, tx_type::send));
  const auto found = in_transaction(*on, [&](transaction& tx) { return submissions::sender(tx, hash(1)); });
  EXPECT_TRUE(found->known && found->address == address(1));
  const auto none = in_transaction(*on, [&](transaction& tx) { return submissions::sender(tx, hash(2)); });
  EXPECT_FALSE(none->known);
}

}  // namespace
}  // namespace quorate::db::tests
