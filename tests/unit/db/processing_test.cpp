// SPDX-License-Identifier: MIT
#include "db/processing.hpp"

#include <atomic>
#include <pqxx/pqxx>
#include <random>
#include <thread>

#include "db/accounts.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

using processing::send_outcome;

class processing_of_transfers : public database_test<processing_of_transfers> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  void insert(const transactions::new_transaction& row) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, row); });
    ASSERT_TRUE(done && *done);
  }
  void give(const std::string& to, const chain::integer& amount) {
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return accounts::credit(tx, to, amount); }));
  }
  std::string balance(const std::string& of) {
    return value("SELECT coalesce((SELECT balance::text FROM current_state WHERE id = '" + of + "'), 'none')");
  }
  send_outcome process(int n, std::optional<std::string> to) {
    const auto done =
        in_transaction(*on, [&](transaction& tx) { return processing::process_send(tx, hash(n), to, {}); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  std::vector<std::string> pending(std::size_t limit = 100) {
    const auto found = in_transaction(
        *on, [&](transaction& tx) { return processing::pending_sends(tx, {}, limit); }, access::single_statement);
    if (!found) throw std::runtime_error{found.error().detail};
    std::vector<std::string> hashes;
    for (const auto& one : *found) hashes.push_back(one.hash);
    return hashes;
  }
  void set(int n, const std::string& what) {
    sql("UPDATE transactions SET " + what + " WHERE hash = '" + hash(n) + "'");
  }
  std::string get(int n, const std::string& what) {
    return value("SELECT " + what + " FROM transactions WHERE hash = '" + hash(n) + "'");
  }
  const std::string a = address(1), b = address(2), c = address(3);
};

TEST_F(processing_of_transfers, a_transfer_moves_its_value_once) {
  give(a, 10);
  insert(transfer(1, a, b, 7));
  EXPECT_EQ(process(1, b), send_outcome::finalized);
  EXPECT_EQ(balance(a), "3");
  EXPECT_EQ(balance(b), "7");
  EXPECT_EQ(get(1, "status"), "FINALIZED");
  EXPECT_EQ(get(1, "value_credited"), "t");
  EXPECT_EQ(get(1, "consensus_history"), R"({"current_status_changes": ["PENDING", "FINALIZED"]})");
  EXPECT_EQ(get(1, "coalesce(timestamp_awaiting_finalization::text, 'none')"), "none");
  EXPECT_EQ(process(1, b), send_outcome::not_claimable);
  EXPECT_EQ(balance(b), "7");
}

TEST_F(processing_of_transfers, too_small_a_balance_is_undetermined_and_moves_nothing) {
  give(a, 6);
  insert(transfer(1, a, b, 7));
  insert(transfer(2, c, b, 1));
  EXPECT_EQ(process(1, b), send_outcome::undetermined);
  EXPECT_EQ(process(2, b), send_outcome::undetermined);
  EXPECT_EQ(balance(a), "6");
  EXPECT_EQ(balance(b), "none");
  EXPECT_EQ(balance(c), "none");
  EXPECT_EQ(get(1, "status"), "UNDETERMINED");
  EXPECT_EQ(get(1, "value_credited"), "f");
  EXPECT_EQ(get(1, "consensus_history"), R"({"current_status_changes": ["PENDING", "UNDETERMINED"]})");
  EXPECT_NE(get(1, "coalesce(timestamp_awaiting_finalization::text, 'none')"), "none");
}

TEST_F(processing_of_transfers, the_faucets_row_is_finalized_without_paying_again) {
  ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return transactions::fund(tx, hash(1), a, 5); }));
  EXPECT_EQ(process(1, a), send_outcome::finalized);
  EXPECT_EQ(balance(a), "5");
}

TEST_F(processing_of_transfers, a_recipient_who_cannot_hold_more_ends_the_transfer_and_moves_nothing) {
  give(a, 5);
  give(b, chain::integer{biggest_wei});
  insert(transfer(1, a, b, 5));
  EXPECT_EQ(process(1, b), send_outcome::undetermined);
  EXPECT_EQ(balance(a), "5");
  EXPECT_EQ(balance(b), biggest_wei);
  EXPECT_EQ(value("SELECT status || ' ' || value_credited FROM transactions"), "UNDETERMINED false");
  insert(transfer(2, b, b, 5));
  EXPECT_EQ(process(2, b), send_outcome::finalized) << "paid to itself, it still fits";
}

TEST_F(processing_of_transfers, a_faucet_row_that_nobody_credited_is_credited_now) {
  insert(transfer(1, std::nullopt, a, 5));
  EXPECT_EQ(process(1, a), send_outcome::finalized);
  EXPECT_EQ(balance(a), "5");
  EXPECT_EQ(get(1, "value_credited"), "t");
}

TEST_F(processing_of_transfers, a_triggered_child_was_paid_for_already) {
  insert(transfer(1, a, b, 0));
  auto child = transfer(2, b, c, 9);
  child.triggered_by_hash = hash(1);
  insert(child);
  EXPECT_EQ(process(2, c), send_outcome::finalized);
  EXPECT_EQ(balance(b), "none");
  EXPECT_EQ(balance(c), "9");
}

TEST_F(processing_of_transfers, no_recipient_burns) {
  give(a, 10);
  insert(transfer(1, a, std::nullopt, 4));
  EXPECT_EQ(process(1, std::nullopt), send_outcome::finalized);
  EXPECT_EQ(balance(a), "6");
  EXPECT_EQ(value("SELECT count(*) FROM current_state"), "1");
}

TEST_F(processing_of_transfers, a_transfer_to_oneself_changes_nothing) {
  give(a, 10);
  insert(transfer(1, a, a, 10));
  insert(transfer(2, a, a, 11));
  EXPECT_EQ(process(1, a), send_outcome::finalized);
  EXPECT_EQ(process(2, a), send_outcome::undetermined);
  EXPECT_EQ(balance(a), "10");
}

TEST_F(processing_of_transfers, nothing_at_all_can_be_sent_by_anybody) {
  insert(transfer(1, a, b, 0));
  EXPECT_EQ(process(1, b), send_outcome::finalized);
  EXPECT_EQ(get(1, "value_credited"), "f");
}

TEST_F(processing_of_transfers, values_of_78_digits_move_exactly) {
  give(a, chain::integer{biggest_wei});
  insert(transfer(1, a, b, chain::integer{biggest_wei} - 1));
  EXPECT_EQ(process(1, b), send_outcome::finalized);
  EXPECT_EQ(balance(a), "1");
  EXPECT_EQ(balance(b), std::string(77, '9') + "8");
}

TEST_F(processing_of_transfers, only_open_sends_to_that_recipient_are_claimed) {
  give(a, 100);
  insert(transfer(1, a, b, 1));
  EXPECT_EQ(process(1, c), send_outcome::not_claimable);
  EXPECT_EQ(process(1, std::nullopt), send_outcome::not_claimable);
  EXPECT_EQ(process(99, b), send_outcome::not_claimable);
  for (const auto* const status : {"CANCELED", "PROPOSING", "ACCEPTED", "FINALIZED"}) {
    set(1, "status = '" + std::string{status} + "'");
    EXPECT_EQ(process(1, b), send_outcome::not_claimable) << status;
  }
  set(1, "status = 'ACTIVATED', type = 2");
  EXPECT_EQ(process(1, b), send_outcome::not_claimable);
  EXPECT_TRUE(pending().empty());
  set(1, "type = 0");
  EXPECT_EQ(process(1, b), send_outcome::finalized);
}

TEST_F(processing_of_transfers, an_upstream_workers_live_lease_is_respected) {
  give(a, 100);
  insert(transfer(1, a, b, 1));
  insert(transfer(2, a, b, 1));
  insert(transfer(3, a, c, 1));
  set(1, "blocked_at = now() - interval '29 minutes', worker_id = 'w'");
  EXPECT_EQ(pending(), std::vector{hash(3)});
  EXPECT_EQ(process(1, b), send_outcome::not_claimable);
  EXPECT_EQ(process(2, b), send_outcome::not_claimable);
  set(1, "blocked_at = now() - interval '31 minutes'");
  EXPECT_EQ(pending(), (std::vector{hash(1), hash(3)}));
  EXPECT_EQ(process(1, b), send_outcome::finalized);
  EXPECT_EQ(get(1, "coalesce(worker_id, 'none')"), "none");
}

TEST_F(processing_of_transfers, upstreams_advisory_lock_is_respected) {
  give(a, 100);
  insert(transfer(1, a, b, 1));
  insert(transfer(2, a, std::nullopt, 1));
  const auto other = open_session(url_);
  const auto kept = in_transaction(*other, [&](transaction& tx) -> result<bool> {
    tx.native().exec("SELECT pg_advisory_xact_lock(hashtext('" + b + "')), pg_advisory_xact_lock(hashtext('" + hash(2) +
                     "'))");
    EXPECT_EQ(process(1, b), send_outcome::not_claimable);
    EXPECT_EQ(process(2, std::nullopt), send_outcome::not_claimable);
    return true;
  });
  ASSERT_TRUE(kept);
  EXPECT_EQ(process(1, b), send_outcome::finalized);
  EXPECT_EQ(process(2, std::nullopt), send_outcome::finalized);
}

TEST_F(processing_of_transfers, candidates_are_the_oldest_of_each_recipient_never_recovered_ones_first) {
  give(a, 100);
  insert(transfer(5, a, b, 1));
  insert(transfer(4, a, b, 1));
  insert(transfer(3, a, c, 1));
  insert(transfer(2, a, std::nullopt, 1));
  insert(transfer(1, a, std::nullopt, 1));
  set(3, "recovery_count = 1");
  EXPECT_EQ(pending(), (std::vector{hash(5), hash(2), hash(3)}));
  EXPECT_EQ(pending(2), (std::vector{hash(5), hash(2)}));
  sql("UPDATE transactions SET created_at = '2026-01-01'");
  EXPECT_EQ(pending(), (std::vector{hash(1), hash(4), hash(3)}));
}

TEST_F(processing_of_transfers, an_older_transfer_that_could_be_finalized_goes_first) {
  give(a, 100);
  insert(transfer(1, c, b, 1));
  insert(transfer(2, a, b, 1));
  EXPECT_EQ(process(1, b), send_outcome::undetermined);
  EXPECT_EQ(pending(), std::vector{hash(2)});  // its window is open
  set(1, "timestamp_awaiting_finalization = 0");
  EXPECT_TRUE(pending().empty());
  EXPECT_EQ(process(2, b), send_outcome::not_claimable);
  set(1, "blocked_at = now()");  // somebody is at it: busy
  EXPECT_EQ(process(2, b), send_outcome::not_claimable);
  set(1, "blocked_at = NULL, appealed = true");
  EXPECT_EQ(process(2, b), send_outcome::finalized);
}

TEST_F(processing_of_transfers, what_cannot_be_finalized_here_is_not_waited_for) {
  give(a, 100);
  insert(transfer(1, a, b, 0));
  insert(transfer(2, c, b, 1));
  insert(transfer(3, a, b, 1));
  set(1, "type = 2");  // a contract call that stays PENDING
  set(2, "status = 'UNDETERMINED', timestamp_awaiting_finalization = 0");
  EXPECT_EQ(pending(), std::vector{hash(3)});
  EXPECT_EQ(process(3, b), send_outcome::finalized);
}

/// The conservation rule of docs/spec/database.md §2.2, to the wei, with everybody working on the same few recipients.
TEST_F(processing_of_transfers, eight_workers_conserve_money_and_process_nothing_twice) {
  constexpr int accounts_count = 5, rows = 240, workers = 8;
  const chain::integer start{"1000000000000000000000000000000"};
  for (int i = 0; i < accounts_count; ++i) {
    ASSERT_TRUE(in_transaction(
        *on, [&](transaction& tx) { return transactions::fund(tx, hash(100000 + i), address(i), start); }));
  }
  std::mt19937 random{7};
  const auto any = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  int burns = 0;
  for (int n = 1; n <= rows; ++n) {
    const bool burn = any(20) == 0;
    burns += burn ? 1 : 0;
    insert(transfer(n, address(any(accounts_count)), burn ? std::nullopt : std::optional{address(any(accounts_count))},
                    burn ? chain::integer{1} : start / (1 + any(4))));
  }
  std::vector<std::thread> crowd;
  std::atomic<int> done{0}, failures{0};
  for (int w = 0; w < workers; ++w) {
    crowd.emplace_back([&] {
      const auto mine = open_session(url_);
      while (done < rows + accounts_count && failures == 0) {
        const auto found = in_transaction(
            *mine, [](transaction& tx) { return processing::pending_sends(tx, {}, 10); }, access::single_statement);
        if (!found) ++failures;
        if (!found || found->empty()) continue;
        for (const auto& one : *found) {
          const auto one_done = in_transaction(
              *mine, [&](transaction& tx) { return processing::process_send(tx, one.hash, one.to_address, {}); });
          if (!one_done) ++failures;
          if (one_done && *one_done != send_outcome::not_claimable) ++done;
        }
      }
    });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(done, rows + accounts_count);
  EXPECT_EQ(value("SELECT count(*) FROM transactions WHERE status NOT IN ('FINALIZED', 'UNDETERMINED')"), "0");
  const auto burnt =
      value("SELECT coalesce(sum(value), 0) FROM transactions WHERE to_address IS NULL AND status = 'FINALIZED'");
  EXPECT_EQ(value("SELECT sum(balance) + " + burnt + " FROM current_state"), chain::to_decimal(start * accounts_count));
  // Every account's history adds up to its balance.
  EXPECT_EQ(value(R"(SELECT count(*) FROM current_state s WHERE balance <>
    (SELECT coalesce(sum(value), 0) FROM transactions WHERE to_address = s.id AND status = 'FINALIZED') -
    (SELECT coalesce(sum(value), 0) FROM transactions WHERE from_address = s.id AND status = 'FINALIZED'))"),
            "0");
  EXPECT_GT(burns, 0);
}

TEST_F(processing_of_transfers, transfers_in_opposite_directions_do_not_deadlock) {
  give(a, 1000);
  give(b, 1000);
  for (int n = 1; n <= 60; ++n) insert(n % 2 == 0 ? transfer(n, a, b, 1) : transfer(n, b, a, 1));
  const auto deadlocks = [&] {
    return server().value("SELECT deadlocks FROM pg_stat_database WHERE datname = '" + name() + "'");
  };
  const auto before = deadlocks();
  std::vector<std::thread> both;
  std::atomic<int> failures{0};
  for (int side = 0; side < 2; ++side) {
    both.emplace_back([&, side] {
      const auto mine = open_session(url_);
      for (int n = 1 + side; n <= 60; n += 2) {
        const auto done = in_transaction(
            *mine, [&](transaction& tx) { return processing::process_send(tx, hash(n), side == 0 ? a : b, {}); });
        failures += done && *done == send_outcome::finalized ? 0 : 1;
      }
    });
  }
  for (auto& one : both) one.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(deadlocks(), before);
  EXPECT_EQ(balance(a), "1000");
}

}  // namespace
}  // namespace quorate::db::tests
