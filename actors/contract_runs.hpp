// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "actors/metrics.hpp"
#include "actors/pool/pool.hpp"
#include "engine/host/executor.hpp"

namespace quorate::actors {

struct contract_run_limits {
  std::size_t slots = 8;   // runs at once; nobody queues
  std::size_t calls = 20;  // per contract and window
  std::chrono::milliseconds window{10'000};
};

/// Contract runs on behalf of calls: bounds them, and gives them the state of accounts out of the database, in a short
/// unit of work for each account. No connection is held while a contract runs. Thread-safe.
class contract_runs {
 public:
  using known_accounts = std::map<chain::address20, engine::host::account_view_ptr>;
  using on_result = std::function<void(engine::host::run_result)>;

  contract_runs(
      engine::host::executor& executor, pool& connections, metrics::registry& metrics, contract_run_limits limits,
      std::function<time_point()> now = [] { return clock::now(); });

  /// One of the slots, until it is destroyed; null when all are taken.
  std::shared_ptr<void> take_slot();
  /// Whether this contract may be called once more now; counted if so.
  bool admit(const std::string& contract);
  const contract_run_limits& limits() const { return limits_; }

  /// `known` are accounts that need not be read. `done` is called once, from any thread, unless what is returned is
  /// destroyed before: then the run is stopped.
  std::shared_ptr<void> run(engine::host::run_request request, known_accounts known, on_result done);

 private:
  engine::host::executor& executor_;
  pool& pool_;
  metrics::histogram& seconds_;
  std::array<metrics::counter*, 4> ended_{};  // by result_kind
  contract_run_limits limits_;
  std::function<time_point()> now_;
  std::shared_ptr<std::atomic<std::size_t>> taken_;
  std::mutex mutex_;
  std::map<std::string, std::deque<time_point>> calls_{};
};

/// What a run sees of an account, of the JSON text of its row's data. errc::internal when that is damaged.
result<engine::host::account_view_ptr> view_of(std::string_view data, const chain::integer& balance);

}  // namespace quorate::actors
