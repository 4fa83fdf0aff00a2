// SPDX-License-Identifier: MIT
#pragma once

#include "engine/host/accounts.hpp"

namespace quorate::engine::host {

/// Where the manager listens: a TCP address, or a socket in the file system.
struct manager_address {
  std::string host{};  // an IP address
  std::uint16_t port = 0;
  std::string path{};  // then host and port mean nothing
};
/// `http://127.0.0.1:3999` or `unix:/path`; errc::invalid_params otherwise.
result<manager_address> parse_manager_address(const std::string& url);

/// Times of docs/spec/genvm.md §1.2 and §1.4.
struct executor_settings {
  manager_address manager{};
  /// A folder of our own, for the sockets of runs; a short path.
  std::string socket_folder{};
  std::chrono::milliseconds run_timeout{10'000};
  std::chrono::milliseconds status_timeout{10'000};
  std::chrono::milliseconds delete_timeout{3'000};
  std::size_t run_retries = 3;
  std::chrono::milliseconds run_retry_delay{1'000};
  /// Between attempts, doubled each time.
  std::chrono::milliseconds attempt_delay{5'000};
  /// How long an engine may take to connect before it is asked whether it lives.
  std::chrono::milliseconds connect_grace{1'000};
};

/// Runs contracts: speaks with the manager and answers the runs' questions. One thread of its own, which never blocks;
/// any thread may call.
class executor {
 public:
  using on_result = std::function<void(run_result)>;
  virtual ~executor() = default;
  /// `done` is called once, on the executor's thread, unless the run is cancelled. The number is for `cancel`.
  virtual std::uint64_t start(run_request request, std::shared_ptr<account_source> accounts, on_result done) = 0;
  /// Whoever asked has left: the run is stopped, and `done` is not called from some moment on.
  virtual void cancel(std::uint64_t run) = 0;
  /// A request to the manager itself, `POST target` with a JSON body (docs/spec/genvm.md §1.2). `done` is called once,
  /// on the executor's thread, unless the executor is destroyed; errc::internal unless the answer is JSON with status
  /// 200.
  virtual void post(std::string target, chain::json body, std::chrono::milliseconds timeout,
                    std::function<void(result<chain::json>)> done) = 0;
  /// Calls `what` on the executor's thread, unless the executor is destroyed before.
  virtual void after(std::chrono::milliseconds pause, std::function<void()> what) = 0;
  /// Runs that have not ended.
  virtual std::size_t running() const = 0;
};

std::unique_ptr<executor> make_executor(executor_settings settings);

}  // namespace quorate::engine::host
