// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// The pool of a real server: resized under load, empty when idle, the only one on the database (seed.md S1, S5, S14).
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;

constexpr const char* database = "pool";
constexpr const char* account = "0x0000000000000000000000000000000000000007";

class live_pool : public testing::Test {
 protected:
  void start(std::map<std::string, std::string> settings = {}) {
    quorate_.emplace(serve_options{postgres().create_database(database), {}, std::move(settings)});
    quorate_->start();
  }

  static postgres_server& postgres() { return postgres_server::shared(); }

  static bool eventually(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + 15s;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(10ms);
    }
    return true;
  }

  /// Threads that call until stop_load(); every answer that is no result is kept.
  void start_load(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) {
      load_.emplace_back([this, i] {
        const char* methods[] = {"eth_getBalance", "sim_getTransactionsForAddress", "eth_getTransactionCount"};
        for (std::size_t n = i; !stopping_; ++n) {
          const std::string method = methods[n % 3];
          auto params = chain::json::array({account});
          if (n % 3 != 1) params.push_back("latest");
          const auto answer = quorate_->call(method, params);
          if (answer.has_result()) {
            ++served_;
            continue;
          }
          const std::lock_guard lock{mutex_};
          failures_.push_back(method + ": HTTP " + std::to_string(answer.http_status) + " " +
                              chain::dump_json(answer.body));
        }
      });
    }
  }

  std::vector<std::string> stop_load() {
    stopping_ = true;
    for (auto& t : load_) t.join();
    load_.clear();
    return failures_;
  }

  void TearDown() override {
    if (!load_.empty()) stop_load();
  }

  std::optional<quorate_process> quorate_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> served_{0};
  std::mutex mutex_;
  std::vector<std::string> failures_;
  std::vector<std::thread> load_;
};

TEST_F(live_pool, is_resized_under_load_without_a_failed_request) {
  start();
  start_load(16);
  for (const auto& [size, overflow] : {std::pair{5, 0}, std::pair{20, 30}, std::pair{1, 2}, std::pair{20, 30}}) {
    quorate_->result("dev_setPoolLimits", {{"size", size}, {"max_overflow", overflow}});
    const auto limit = size + overflow;
    EXPECT_TRUE(eventually([&] {
      const auto pool = quorate_->pool_status();
      return pool.at("size") == size && pool.at("max_allowed") == limit && pool.at("total").get<int>() <= limit;
    })) << chain::dump_json(quorate_->pool_status());
    const auto before = served_.load();
    EXPECT_TRUE(eventually([&] { return served_ > before + 100; }));
  }
  EXPECT_EQ(stop_load(), std::vector<std::string>{});
  EXPECT_EQ(quorate_->stop(), 0);
}

TEST_F(live_pool, lends_nothing_while_nobody_asks) {
  // The loops' own look at the database is out of the way: between two looks they must not hold anything.
  start({{"consensus.poll_interval", "1h"}, {"consensus.recovery_interval", "24h"}});
  quorate_->result("sim_fundAccount", chain::json::array({account, 1}));
  const auto status_of = "SELECT status FROM transactions";
  ASSERT_TRUE(eventually([&] { return postgres().value(status_of, database) == "FINALIZED"; }));
  const auto is_quiet = [&] { return quorate_->pool_status().at("checked_out") == 0; };
  // The news of the last status wakes the loops once more.
  ASSERT_TRUE(eventually([&] {
    int quiet = 0;
    while (quiet < 200 && is_quiet()) ++quiet;
    return quiet == 200;
  }));
  for (int i = 0; i < 200; ++i) ASSERT_EQ(quorate_->pool_status().at("checked_out"), 0);
  EXPECT_EQ(postgres().value("SELECT count(*) FROM pg_stat_activity WHERE datname = 'pool' AND state <> 'idle'"), "0");
  EXPECT_EQ(quorate_->stop(), 0);
}

TEST_F(live_pool, is_the_only_one_on_the_database) {
  start();
  start_load(8);
  ASSERT_TRUE(eventually([&] { return served_ > 200; }));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(postgres().value(
                  "SELECT string_agg(DISTINCT application_name, ',') FROM pg_stat_activity WHERE datname = 'pool'"),
              "quorate");
  }
  EXPECT_EQ(stop_load(), std::vector<std::string>{});
  EXPECT_EQ(quorate_->stop(), 0);
  EXPECT_EQ(postgres().value("SELECT count(*) FROM pg_stat_activity WHERE datname = 'pool'"), "0");
}

}  // namespace
}  // namespace quorate::tests
