// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chain/result.hpp"

/// Programs that Quorate starts: PostgreSQL's own tools, never a shell.
namespace quorate::app {

/// The user a child runs as. PostgreSQL refuses to run as root, so root drops to another user.
struct identity {
  uid_t uid;
  gid_t gid;
  std::string name;
};
/// Who PostgreSQL runs as: this user, or `postgres` (else `nobody`) when this user is root.
result<identity> server_identity();

struct child_options {
  std::optional<identity> run_as;              // empty: this user
  std::optional<std::filesystem::path> log;    // a service's stdout and stderr are appended there; empty: inherited
  std::optional<std::filesystem::path> input;  // standard input; empty: nothing to read
  /// A session of its own (Ctrl-C does not reach it) that ends by `SIGINT` when this process dies, however it dies; a
  /// tool ends by `SIGKILL` then.
  bool service = false;
};

/// Runs to the end; call it from the main thread, as child::start. The output (stdout and stderr) on success, an error
/// with the output in `detail` otherwise.
result<std::string> run_child(const std::vector<std::string>& argv, const child_options& options);

/// A running service; must be started from the main thread, because the kernel ties the death signal to the parent
/// thread.
class child {
 public:
  static result<child> start(const std::vector<std::string>& argv, const child_options& options);
  child(child&& other) noexcept;
  child& operator=(child&& other) noexcept;
  ~child() = default;  // leaves the process alone: whoever owns it decides how it ends

  pid_t pid() const noexcept { return pid_; }
  /// Its exit status when it has ended.
  std::optional<int> poll();
  void signal(int number) noexcept;
  /// True: it ended in time.
  bool wait(std::chrono::milliseconds timeout);
  /// SIGTERM, and SIGKILL when it has not ended after `grace`.
  void stop(std::chrono::milliseconds grace);

 private:
  explicit child(pid_t pid) noexcept : pid_{pid} {}
  pid_t pid_ = -1;
  std::optional<int> exit_status_;
};

}  // namespace quorate::app
