// SPDX-License-Identifier: MIT
#include "db/transfers.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <pqxx/pqxx>
#include <random>
#include <thread>

#include "db/accounts.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

using transfers::settlement;

class transfers_table : public database_test<transfers_table> {
 protected:
  std::unique_ptr<db::session> on = open_session(url_);

  std::vector<bool> store(const std::vector<transactions::new_transaction>& rows) {
    std::vector<const transactions::new_transaction*> all;
    for (const auto& one : rows) all.push_back(&one);
    const auto done = in_transaction(*on, [&](transaction& tx) { return transfers::store(tx, all); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  settlement settle(std::size_t limit = 100) {
    const auto done = in_transaction(*on, [&](transaction& tx) { return transfers::settle(tx, {}, limit); });
    if (!done) throw std::runtime_error{done.error().detail};
    return *done;
  }
  void give(const std::string& to, const chain::integer& amount) {
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return accounts::credit(tx, to, amount); }));
  }
  std::string balance(const std::string& of) {
    return value("SELECT coalesce((SELECT balance::text FROM current_state WHERE id = '" + of + "'), 'none')");
  }
  void set(int n, const std::string& what) {
    sql("UPDATE transactions SET " + what + " WHERE hash = '" + hash(n) + "'");
  }
  std::string get(int n, const std::string& what) {
    return value("SELECT coalesce((" + what + ")::text, 'none') FROM transactions WHERE hash = '" + hash(n) + "'");
  }
  std::string statuses() { return value("SELECT string_agg(status::text, ' ' ORDER BY hash) FROM transactions"); }
  const std::string a = address(1), b = address(2), c = address(3);
};

TEST_F(transfers_table, a_group_is_stored_as_each_would_be_alone) {
  auto row = transfer(1, a, b, chain::integer{biggest_wei});
  row.sim_config = R"({"note": "quotes \" and \\ slashes, {braces}"})";
  row.config_rotation_rounds = 3;
  EXPECT_EQ(store({row, transfer(2, a, std::nullopt, 0)}), (std::vector{true, true}));
  auto alone = transfer(3, a, b, chain::integer{biggest_wei});
  alone.sim_config = row.sim_config;
  alone.config_rotation_rounds = 3;
  alone.accounts = {a};
  ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, alone); }));
  const std::string same = "to_jsonb(t) - 'hash' - 'created_at' - 'nonce'";
  EXPECT_EQ(value("SELECT count(DISTINCT " + same + ") FROM transactions t WHERE to_address IS NOT NULL"), "1");
  EXPECT_EQ(get(2, "to_address"), "none");
  EXPECT_EQ(get(2, "sim_config"), "null");
  EXPECT_EQ(balance(a) + balance(b), "0none");
}

TEST_F(transfers_table, what_is_known_is_not_stored_again) {
  EXPECT_EQ(store({transfer(1, a, b, 1)}), std::vector{true});
  EXPECT_EQ(store({transfer(1, c, b, 9), transfer(2, a, b, 1), transfer(2, a, b, 1)}),
            (std::vector{false, true, false}));
  EXPECT_EQ(get(1, "value"), "1");
  EXPECT_EQ(balance(c), "none");
  EXPECT_EQ(store({}), std::vector<bool>{});
}

TEST_F(transfers_table, rows_of_a_group_keep_their_order) {
  store({transfer(9, a, b, 1), transfer(5, a, b, 1), transfer(7, a, b, 1)});
  EXPECT_EQ(value("SELECT string_agg(right(hash, 1), '' ORDER BY created_at) FROM transactions"), "957");
}

TEST_F(transfers_table, work_is_told_of_once_a_group_and_events_row_by_row) {
  using notes = std::vector<std::string>;
  const std::string work{channels::transactions}, events{channels::events};
  const auto ears = connector_to(url_)->listen(std::chrono::seconds{5});
  ASSERT_TRUE(ears);
  give(a, 1);
  store({transfer(2, a, b, 1), transfer(1, a, c, 1)});
  store({transfer(1, a, b, 1)});
  auto heard = heard_by(**ears);
  EXPECT_EQ(heard[work], notes{hash(1)});
  EXPECT_EQ(heard[events], (notes{"new " + hash(2), "new " + hash(1)}));
  settle();
  heard = heard_by(**ears);
  EXPECT_EQ(heard[work], notes{});
  EXPECT_EQ(heard[events], (notes{"status FINALIZED " + hash(2), "status UNDETERMINED " + hash(1)}));
}

TEST_F(transfers_table, money_moves_in_the_order_of_arrival) {
  give(a, 10);
  store(
      {transfer(9, a, b, 10), transfer(8, b, c, 6), transfer(7, c, a, 6), transfer(6, a, b, 7), transfer(5, a, b, 6)});
  const auto done = settle();
  EXPECT_EQ(done.finalized, 4u);
  EXPECT_EQ(done.undetermined, 1u);
  EXPECT_FALSE(done.more);
  EXPECT_EQ(get(6, "status"), "UNDETERMINED");
  EXPECT_EQ(balance(a), "0");
  EXPECT_EQ(balance(b), "10");
  EXPECT_EQ(balance(c), "0");
  EXPECT_EQ(get(9, "consensus_history"), R"({"current_status_changes": ["PENDING", "FINALIZED"]})");
  EXPECT_EQ(get(6, "consensus_history"), R"({"current_status_changes": ["PENDING", "UNDETERMINED"]})");
  EXPECT_EQ(get(9, "value_credited") + get(6, "value_credited"), "truefalse");
  EXPECT_EQ(get(9, "timestamp_awaiting_finalization"), "none");
  EXPECT_NE(get(6, "timestamp_awaiting_finalization"), "none");
  EXPECT_EQ(settle().finalized + settle().undetermined, 0u);
}

TEST_F(transfers_table, every_kind_of_payer_and_recipient) {
  ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return transactions::fund(tx, hash(1), a, 5); }));
  store({transfer(2, a, a, 5), transfer(3, a, a, 6), transfer(4, a, std::nullopt, 2), transfer(5, c, b, 0)});
  auto child = transfer(6, b, c, 9);
  child.triggered_by_hash = hash(4);
  auto uncredited = transfer(7, std::nullopt, b, 4);
  for (const auto& row : {child, uncredited})
    ASSERT_TRUE(in_transaction(*on, [&](transaction& tx) { return transactions::insert(tx, row); }));
  EXPECT_EQ(settle().finalized, 6u);
  EXPECT_EQ(statuses(), "FINALIZED FINALIZED UNDETERMINED FINALIZED FINALIZED FINALIZED FINALIZED");
  EXPECT_EQ(balance(a), "3");
  EXPECT_EQ(balance(b), "4");
  EXPECT_EQ(balance(c), "9");
  EXPECT_EQ(get(5, "value_credited"), "false") << "nothing to credit";
}

TEST_F(transfers_table, a_recipient_who_cannot_hold_more_gets_nothing_and_the_others_theirs) {
  give(a, 6);
  give(b, chain::integer{biggest_wei});
  store({transfer(1, a, b, 5), transfer(2, b, b, 5), transfer(3, a, c, 6)});
  EXPECT_EQ(settle().undetermined, 1u);
  EXPECT_EQ(statuses(), "UNDETERMINED FINALIZED FINALIZED");
  EXPECT_EQ(balance(b), biggest_wei);
  EXPECT_EQ(balance(c), "6");
}

TEST_F(transfers_table, a_turn_takes_the_oldest_and_says_that_there_are_more) {
  store({transfer(5, a, b, 0), transfer(4, a, c, 0), transfer(3, a, b, 0)});
  EXPECT_TRUE(settle(2).more);
  EXPECT_EQ(statuses(), "PENDING FINALIZED FINALIZED");
  EXPECT_FALSE(settle(2).more);
}

TEST_F(transfers_table, leases_locks_other_types_and_other_statuses_are_respected) {
  store({transfer(1, a, b, 0), transfer(2, a, b, 0), transfer(3, a, c, 0), transfer(4, a, std::nullopt, 0)});
  set(1, "blocked_at = now() - interval '29 minutes', worker_id = 'w'");
  EXPECT_EQ(settle().finalized, 2u);
  EXPECT_EQ(statuses(), "PENDING PENDING FINALIZED FINALIZED") << "the whole recipient waits";
  set(1, "blocked_at = now() - interval '31 minutes'");
  set(2, "type = 2");
  EXPECT_EQ(settle().finalized, 1u);
  EXPECT_EQ(get(1, "worker_id"), "none");
  set(2, "type = 0, status = 'ACTIVATED'");
  const auto other = open_session(url_);
  ASSERT_TRUE(in_transaction(*other, [&](transaction& tx) -> result<bool> {
    tx.native().exec("SELECT pg_advisory_xact_lock(hashtext('" + b + "'))");
    EXPECT_EQ(settle().finalized, 0u);
    return true;
  }));
  ASSERT_TRUE(in_transaction(*other, [&](transaction& tx) -> result<bool> {
    tx.native().exec("SELECT 1 FROM transactions WHERE hash = '" + hash(2) + "' FOR UPDATE");
    EXPECT_EQ(settle().finalized, 0u);
    return true;
  }));
  EXPECT_EQ(settle().finalized, 1u);
  for (const auto* const status : {"CANCELED", "PROPOSING", "ACCEPTED", "FINALIZED"}) {
    set(2, "status = '" + std::string{status} + "'");
    EXPECT_EQ(settle().finalized, 0u) << status;
  }
}

TEST_F(transfers_table, a_row_that_cannot_be_had_holds_back_the_younger_of_its_recipient) {
  store({transfer(1, a, b, 0), transfer(2, a, b, 0), transfer(3, a, c, 0)});
  const auto other = open_session(url_);
  ASSERT_TRUE(in_transaction(*other, [&](transaction& tx) -> result<bool> {
    tx.native().exec("SELECT 1 FROM transactions WHERE hash = '" + hash(1) + "' FOR UPDATE");
    EXPECT_EQ(settle().finalized, 1u);
    return true;
  }));
  EXPECT_EQ(statuses(), "PENDING PENDING FINALIZED");
  EXPECT_EQ(settle().finalized, 2u);
}

TEST_F(transfers_table, an_older_transfer_that_could_be_finalized_goes_first) {
  store({transfer(1, c, b, 1), transfer(2, a, b, 0), transfer(3, c, std::nullopt, 1), transfer(4, a, std::nullopt, 0)});
  EXPECT_EQ(settle(1).undetermined, 1u);
  set(3, "status = 'UNDETERMINED'");
  sql("UPDATE transactions SET timestamp_awaiting_finalization = 0 WHERE status = 'UNDETERMINED'");
  EXPECT_EQ(settle().finalized, 0u);
  set(1, "appealed = true");
  set(3, "timestamp_awaiting_finalization = extract(epoch FROM now())::bigint");
  EXPECT_EQ(settle().finalized, 2u);
}

/// Another order for hashes than that of arrival.
int spread(int n) { return n * 7919 % 100'003; }

/// Against the plainest of models: one balance after another, in the order of arrival.
TEST_F(transfers_table, any_transfers_end_as_they_would_one_after_another) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    SetUp();
    std::mt19937 random{seed};
    const auto any = [&](unsigned n) { return random() % n; };
    std::map<std::string, chain::integer> model;
    for (int i = 0; i < 4; ++i) {
      give(address(i), 50);
      model[address(i)] = 50;
    }
    std::map<int, bool> moved;
    std::vector<transactions::new_transaction> rows;
    for (int n = 1; n <= 300; ++n) {
      const auto from = address(static_cast<int>(any(6)));
      const auto to = any(10) == 0 ? std::nullopt : std::optional{address(static_cast<int>(any(6)))};
      const chain::integer worth = any(40);
      auto row = transfer(n, from, to, worth);
      row.hash = hash(spread(n));
      rows.push_back(std::move(row));
      moved[n] = model[from] >= worth;
      if (!moved[n]) continue;
      model[from] -= worth;
      if (to) model[*to] += worth;
    }
    for (std::size_t at = 0; at < rows.size();) {
      const auto count = std::min<std::size_t>(1 + any(40), rows.size() - at);
      store({rows.begin() + static_cast<std::ptrdiff_t>(at), rows.begin() + static_cast<std::ptrdiff_t>(at + count)});
      at += count;
    }
    while (settle(1 + any(60)).more) {
    }
    for (const auto& [n, done] : moved) EXPECT_EQ(get(spread(n), "status"), done ? "FINALIZED" : "UNDETERMINED") << n;
    for (const auto& [who, worth] : model) {
      if (worth > 0) {
        EXPECT_EQ(balance(who), chain::to_decimal(worth));
      }
    }
  }
}

TEST_F(transfers_table, workers_of_both_kinds_conserve_money_and_settle_nothing_twice) {
  constexpr int accounts_count = 5, rows = 400;
  for (int i = 0; i < accounts_count; ++i) give(address(i), 1000);
  std::mt19937 random{7};
  const auto any = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<transactions::new_transaction> all;
  for (int n = 1; n <= rows; ++n)
    all.push_back(transfer(n, address(any(accounts_count)), address(any(2 * accounts_count)), any(400)));
  store(all);
  std::atomic<int> done{0}, failures{0};
  std::vector<std::thread> crowd;
  for (int w = 0; w < 3; ++w) {
    crowd.emplace_back([&] {
      const auto mine = open_session(url_);
      while (done < rows && failures == 0) {
        const auto s = in_transaction(*mine, [](transaction& tx) { return transfers::settle(tx, {}, 17); });
        if (s) done += static_cast<int>(s->finalized + s->undetermined);
        if (!s && s.error().code != errc::conflict) ++failures;
      }
    });
  }
  crowd.emplace_back([&] {
    const auto mine = open_session(url_);
    while (done < rows && failures == 0) {
      const auto found = in_transaction(
          *mine, [](transaction& tx) { return processing::pending_sends(tx, {}, 10); }, access::single_statement);
      if (!found) ++failures;
      if (!found) continue;
      for (const auto& one : *found) {
        const auto s = in_transaction(
            *mine, [&](transaction& tx) { return processing::process_send(tx, one.hash, one.to_address, {}); });
        if (s && *s != processing::send_outcome::not_claimable) ++done;
        if (!s && s.error().code != errc::conflict) ++failures;
      }
    }
  });
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(done, rows);
  EXPECT_EQ(value("SELECT sum(balance) FROM current_state"), std::to_string(1000 * accounts_count));
  EXPECT_EQ(
      value(
          R"(SELECT count(*) FROM current_state s WHERE balance <> CASE WHEN right(id, 1)::int < 5 THEN 1000 ELSE 0 END +
    (SELECT coalesce(sum(value), 0) FROM transactions WHERE to_address = s.id AND status = 'FINALIZED') -
    (SELECT coalesce(sum(value), 0) FROM transactions WHERE from_address = s.id AND status = 'FINALIZED'))"),
      "0");
}

}  // namespace
}  // namespace quorate::db::tests
