// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace quorate::tests {

/// A private PostgreSQL cluster in a temporary directory: trust authentication, no fsync, a unix socket and a free TCP
/// port on 127.0.0.1. Runs as user postgres when the tests run as root. A watchdog process ends the server and removes
/// the directory when the test process is gone, however it went. Throws std::runtime_error when something cannot be
/// done.
class postgres_server {
 public:
  explicit postgres_server(std::vector<std::string> settings = {});  // "name=value", on top of the fixture's own
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server();

  /// The one server of this test binary, started by the first call.
  static postgres_server& shared();

  /// By unix socket, by TCP. The superuser is `postgres`, without a password.
  std::string url(const std::string& database = "postgres") const;
  std::string tcp_url(const std::string& database = "postgres") const;
  const std::filesystem::path& socket_dir() const { return root_; }
  int port() const { return port_; }
  pid_t pid() const { return pid_; }

  enum class stop_mode { fast, immediate, kill };
  void start();
  void stop(stop_mode mode = stop_mode::fast);
  void restart(stop_mode mode = stop_mode::fast);

  /// The postmaster's children whose title contains `title`; every client backend has " idle" or a command in it.
  std::vector<pid_t> processes(const std::string& title = {}) const;
  /// SIGSTOP and SIGCONT to the postmaster and all its children: nothing answers, nothing is refused.
  void sigstop();
  void sigcont();

  /// As psql would: any number of statements in one go.
  void exec(const std::string& sql, const std::string& database = "postgres") const;
  /// Text of every field, "" for NULL.
  std::vector<std::vector<std::string>> query(const std::string& sql, const std::string& database = "postgres") const;
  /// First field of the first row.
  std::string value(const std::string& sql, const std::string& database = "postgres") const;

  /// A new database holding Quorate's schema (copied from a template that the first call makes). Returns its url(), by
  /// socket. Any name; an existing database of that name is replaced.
  std::string create_database(const std::string& name);
  /// An empty one.
  std::string create_empty_database(const std::string& name);

 private:
  void make_cluster();
  void start_watchdog();
  void wait_until_ready();
  std::filesystem::path log_file() const { return root_ / "log"; }

  std::vector<std::string> settings_;
  std::filesystem::path root_;
  int port_ = 0;
  pid_t pid_ = -1;
  pid_t watchdog_ = -1;
  int watchdog_pipe_ = -1;
  bool has_template_ = false;
};

}  // namespace quorate::tests
