// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "db/pg_connector.hpp"
#include "db/transactions.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// Money under the worst of circumstances: two processes on one database, transfers and faucet calls at once, and kill
/// -9 at any moment. Whatever happens, the conservation rule of docs/spec/database.md §2.2 holds to the wei, and every
/// transaction was processed exactly once.
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr const char* database = "money";
constexpr std::size_t accounts = 20;
constexpr std::size_t nodes = 2;
constexpr const char* too_much = "1000000000000000000000000000";  // wei; more than anybody has

std::chrono::seconds duration_of_the_storm() { return std::getenv("QUORATE_LONG") != nullptr ? 180s : 20s; }

std::string account(std::size_t number) {
  const auto text = std::to_string(number + 1);
  return "0x" + std::string(40 - text.size(), '0') + text;  // digits only, so EIP-55 has nothing to say
}

class money : public testing::Test {
 protected:
  void SetUp() override {
    url_ = postgres().create_database(database);
    for (std::size_t i = 0; i < nodes; ++i) {
      nodes_.push_back(
          std::make_unique<quorate_process>(serve_options{url_, {}, {{"consensus.poll_interval", "200ms"}}}));
      nodes_.back()->start();
    }
    for (std::size_t i = 0; i < accounts; ++i) fund(*nodes_[i % nodes], account(i), "1000000000000000000000");
  }

  static postgres_server& postgres() { return postgres_server::shared(); }
  static std::string ask(const std::string& sql) { return postgres().value(sql, database); }

  /// Remembers the hash when the server said that it was done.
  void fund(const quorate_process& node, const std::string& to, const std::string& amount) {
    const auto answer = node.call("sim_fundAccount", chain::json::array({to, amount}), 10s);
    if (!answer.has_result()) return;  // killed meanwhile: done or not, but never half
    const std::lock_guard lock{mutex_};
    acknowledged_.insert(answer.body["result"].get<std::string>());
  }

  void fund_until(const std::atomic<bool>& stopping, unsigned seed) {
    std::mt19937 random{seed};
    while (!stopping) fund(*nodes_[random() % nodes], account(random() % accounts), std::to_string(random()));
  }

  /// Transfers as the next version's signed transactions will be inserted: through the db layer, announced with NOTIFY.
  void transfer_until(const std::atomic<bool>& stopping, unsigned seed) {
    std::mt19937_64 random{seed};
    db::connect_settings settings;
    settings.url = url_;
    settings.application_name = "money test";
    auto connector = db::make_pg_connector(settings);
    ASSERT_TRUE(connector);
    auto session = (*connector)->open(10s);
    ASSERT_TRUE(session);
    while (!stopping) {
      db::transactions::new_transaction row;
      row.hash = random_hash(random);
      row.from_address = account(random() % accounts);
      row.to_address = account(random() % accounts);
      row.data = "{}";
      // One in ten fails.
      row.value = random() % 10 == 0 ? chain::integer{too_much} : chain::integer{random()};
      const auto done = (*session)->run({}, [&](db::transaction& tx) -> status {
        auto inserted = db::transactions::insert(tx, row);
        if (!inserted) return tl::unexpected{inserted.error()};
        return {};
      });
      ASSERT_TRUE(done.value) << done.value.error().detail;
      ++transfers_;
      std::this_thread::sleep_for(2ms);  // a pace, not an assertion
    }
  }

  static std::string random_hash(std::mt19937_64& random) {
    constexpr const char* digits = "0123456789abcdef";
    std::string hash = "0x";
    while (hash.size() < 66) hash += digits[random() % 16];
    return hash;
  }

  void kill_until(clock::time_point end) {
    std::mt19937 random{99};
    while (clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds{100 + random() % 900});
      auto& victim = *nodes_[random() % nodes];
      victim.kill();
      ++kills_;
      victim.start();
    }
  }

  std::string url_;
  std::vector<std::unique_ptr<quorate_process>> nodes_;
  std::mutex mutex_;
  std::set<std::string> acknowledged_;
  std::atomic<std::size_t> transfers_{0};
  std::size_t kills_ = 0;
};

TEST_F(money, is_conserved_to_the_wei_through_transfers_faucets_and_kill_9) {
  std::atomic<bool> stopping{false};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 3; ++i) threads.emplace_back([&, i] { fund_until(stopping, i); });
  for (unsigned i = 0; i < 2; ++i) threads.emplace_back([&, i] { transfer_until(stopping, 100 + i); });
  kill_until(clock::now() + duration_of_the_storm());
  stopping = true;
  for (auto& t : threads) t.join();

  const auto settled_by = clock::now() + 60s;
  while (ask("SELECT count(*) FROM transactions WHERE status IN ('PENDING', 'ACTIVATED')") != "0" &&
         clock::now() < settled_by)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(ask("SELECT count(*) FROM transactions WHERE status NOT IN ('FINALIZED', 'UNDETERMINED')"), "0");

  // The rule of the specification, then the same of every single account: what came in minus what went out is what is
  // there.
  EXPECT_EQ(ask("SELECT sum(balance) FROM current_state"),
            ask("SELECT sum(value) FROM transactions WHERE from_address IS NULL AND type = 0"));
  EXPECT_EQ(ask("SELECT count(*) FROM current_state s WHERE balance <> "
                "(SELECT coalesce(sum(value), 0) FROM transactions WHERE to_address = s.id AND value_credited) - "
                "(SELECT coalesce(sum(value), 0) FROM transactions WHERE from_address = s.id AND value_credited)"),
            "0");

  // Exactly once: each row changed its status as often as its outcome needs and no more; nothing that was announced or
  // acknowledged was lost. Those that asked for too much are undetermined, later final, and never credited.
  EXPECT_EQ(ask("SELECT count(*) FROM transactions WHERE from_address IS NOT NULL"), std::to_string(transfers_));
  EXPECT_EQ(ask(std::string{"SELECT count(*) FROM transactions WHERE value_credited <> (value < "} + too_much + ")"),
            "0");
  EXPECT_EQ(
      ask("SELECT count(*) FROM transactions WHERE consensus_history->'current_status_changes' NOT IN ("
          "'[\"PENDING\", \"FINALIZED\"]', '[\"PENDING\", \"UNDETERMINED\"]', "
          "'[\"PENDING\", \"UNDETERMINED\", \"FINALIZED\"]') OR consensus_history->'current_status_changes' IS NULL"),
      "0");
  EXPECT_EQ(
      ask("SELECT count(*) FROM transactions WHERE (consensus_history->'current_status_changes') ? 'UNDETERMINED' AND "
          "value_credited"),
      "0");
  for (const auto& hash : acknowledged_)
    ASSERT_EQ(ask("SELECT status FROM transactions WHERE hash = '" + hash + "'"), "FINALIZED") << hash;

  // The storm was one.
  EXPECT_GT(kills_, 5u);
  EXPECT_NE(ask("SELECT count(*) FROM transactions WHERE NOT value_credited"), "0");
  EXPECT_GT(acknowledged_.size(), accounts + 50);
  for (auto& node : nodes_) EXPECT_EQ(node->stop(), 0);
  RecordProperty("transfers", std::to_string(transfers_));
  RecordProperty("faucet_calls", std::to_string(acknowledged_.size()));
  RecordProperty("kills", std::to_string(kills_));
  std::cout << transfers_ << " transfers, " << acknowledged_.size() << " acknowledged faucet calls, " << kills_
            << " times kill -9\n";
}

}  // namespace
}  // namespace quorate::tests
