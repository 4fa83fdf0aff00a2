// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <thread>
#include <vector>

#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// What the fault tests share: a PostgreSQL of their own to torture, callers that go on calling meanwhile, and the two
/// questions every fault ends with: is service back, and do the pool and pg_stat_activity agree.
namespace quorate::tests {

using namespace std::chrono_literals;

inline constexpr const char* some_account = "0x0000000000000000000000000000000000000042";

/// JSON-RPC parameters of eth_getBalance.
inline chain::json balance_params(const std::string& address = some_account) {
  return chain::json::array({address, "latest"});
}

/// Looks every 10 ms; false when it never held.
bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds patience = 15s);

/// Nothing leased, and pg_stat_activity shows the pool's connections and the one that listens; no more, no fewer.
testing::AssertionResult nothing_leaked(const quorate_process& quorate, const postgres_server& postgres,
                                        const std::string& database);

/// Threads that call one after another until stopped, and remember every answer.
class callers {
 public:
  struct seen {
    std::map<int, std::size_t> codes;     // JSON-RPC error codes; 0: a result
    std::map<int, std::string> examples;  // the last refusal with each of them
    std::chrono::milliseconds longest{0};
    std::size_t unanswered = 0;  // no HTTP answer at all
    /// The last -32007, -32008 or -32009 without `data.retry_after_s`, or -32007 without the pool's figures.
    std::string speechless{};
  };

  callers(const quorate_process& quorate, std::size_t count, std::string method, chain::json params);
  ~callers();
  callers(const callers&) = delete;
  callers& operator=(const callers&) = delete;
  /// Ends them; what they saw.
  seen stop();
  /// Answers of this code so far.
  std::size_t count(int code) const;

 private:
  mutable std::mutex mutex_;
  seen seen_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

/// Every loop has had its first look: from now on they touch no table of accounts until there is work for them.
bool loops_have_looked(const quorate_process& quorate);

/// True when every code is 0 or in `allowed` and every refusal says when to come back; else says what came.
testing::AssertionResult only_codes(const callers::seen& what, const std::vector<int>& allowed);

/// Holds ACCESS EXCLUSIVE on current_state until destroyed: every read of a balance waits for it.
class table_lock {
 public:
  explicit table_lock(const std::string& url);

 private:
  pqxx::connection connection_;
  pqxx::work work_;
};

}  // namespace quorate::tests
