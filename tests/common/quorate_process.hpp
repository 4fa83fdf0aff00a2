// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chain/json.hpp"

namespace quorate::tests {

/// How one `quorate serve` of a test is started.
struct serve_options {
  std::string database_url = {};                     // empty: the embedded cluster in data_dir
  std::filesystem::path data_dir = {};               // empty: a temporary one, removed with the object
  std::map<std::string, std::string> settings = {};  // passed as --set key=value
  std::vector<std::string> more = {};                // further words of the command line
  std::string user = {};                             // empty: whoever runs the tests; needs root
};

/// The answer to one HTTP exchange; status 0 when there was none (refused, reset, nothing within the time).
struct rpc_answer {
  int http_status = 0;
  chain::json body;
  std::chrono::milliseconds took{0};

  bool has_result() const { return body.is_object() && body.contains("result"); }
  /// The error's code; 0 when the answer holds a result or is no JSON-RPC answer.
  int error_code() const;
};

/// A real `quorate serve` on a free port: started, stopped, killed and asked. Every started process is ended with the
/// object. Throws std::runtime_error, with the end of the server's log, when it does not do what a test needs.
class quorate_process {
 public:
  explicit quorate_process(serve_options options);
  ~quorate_process();
  quorate_process(const quorate_process&) = delete;
  quorate_process& operator=(const quorate_process&) = delete;

  /// Starts it and waits for /ready; on the same port every time.
  void start(std::chrono::seconds patience = std::chrono::seconds{60});
  /// Starts it and does not wait.
  void launch();
  /// Starts it and returns its exit code, for starts that must fail.
  int start_and_fail();
  /// SIGTERM; returns the exit code.
  int stop();
  /// SIGTERM alone, and the waiting for the exit code.
  void ask_to_stop() const;
  int wait_for_end();
  /// SIGKILL.
  void kill();
  /// SIGHUP; waits until the log has said once more what `part` says.
  void reload(const std::string& part);
  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  std::uint16_t port() const { return port_; }
  const std::filesystem::path& data_dir() const { return options_.data_dir; }

  /// One call on a connection of its own. Thread-safe.
  rpc_answer call(const std::string& method, chain::json params = chain::json::array(),
                  std::chrono::milliseconds timeout = std::chrono::seconds{60}) const;
  /// The result of a call that must succeed.
  chain::json result(const std::string& method, chain::json params = chain::json::array()) const;
  /// Any body to /api.
  rpc_answer post(const std::string& body, std::chrono::milliseconds timeout = std::chrono::seconds{60}) const;
  /// Status and text of a GET; status 0 when there was no answer.
  std::pair<int, std::string> get(const std::string& path) const;
  /// Calls until `method` succeeds; how long that took. Throws when it never did.
  std::chrono::milliseconds wait_for_service(const std::string& method, chain::json params,
                                             std::chrono::seconds patience = std::chrono::seconds{20}) const;
  /// dev_getPoolStatus's `pool`.
  chain::json pool_status() const;

  /// Throws when that never becomes true.
  void wait_until(const std::string& what, const std::function<bool()>& holds,
                  std::chrono::seconds patience = std::chrono::seconds{60}) const;
  /// Everything the process has said.
  std::string log() const;

 private:
  std::vector<std::string> command() const;
  [[noreturn]] void give_up(const std::string& what) const;

  serve_options options_;
  bool own_data_dir_ = false;
  std::filesystem::path binary_, log_file_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// A TCP port of 127.0.0.1 that nobody uses now.
std::uint16_t free_port();

}  // namespace quorate::tests
