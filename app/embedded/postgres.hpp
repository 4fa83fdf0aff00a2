// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/embedded/child.hpp"
#include "app/embedded/data_directory.hpp"
#include "chain/result.hpp"

namespace quorate::app {

struct embedded_options {
  std::size_t connections = 120;      // max_connections
  std::function<bool()> interrupted;  // asked while the server starts; true ends it with errc::cancelled. May be empty
};

/// The private PostgreSQL cluster of `serve` without a database: made, started, owned and stopped by this process. It
/// listens on a unix socket in a directory that only its user (and root) can enter, never on TCP. It dies with this
/// process, also after kill -9, by a fast shutdown; the next start waits for that, or recovers.
class embedded_postgres {
 public:
  /// Creates the cluster on first use, starts the server and waits until it answers. Call from the main thread, with
  /// the directory locked.
  static result<embedded_postgres> start(const data_directory& data, const embedded_options& options = {});

  /// libpq connection string; the database exists.
  std::string conninfo() const { return conninfo(socket_dir_); }
  static std::string conninfo(const std::filesystem::path& socket_dir);
  const std::filesystem::path& socket_dir() const noexcept { return socket_dir_; }
  static constexpr int port = 5432;
  static constexpr const char* user = "quorate";
  static constexpr const char* database = "genlayer_state";

  static std::filesystem::path cluster_of(const std::filesystem::path& data);
  /// The user that PostgreSQL runs as in this data directory; empty: this one.
  static result<std::optional<identity>> runs_as(const std::filesystem::path& data);
  /// That user must be able to reach the cluster through every parent directory.
  static status check_reachable(const std::filesystem::path& data, const std::optional<identity>& who);
  /// What is where the socket shall be must not be somebody else's.
  static status check_socket_directory(const std::filesystem::path& data, const std::optional<identity>& who);
  /// max_connections that a pool of so many connections needs.
  static std::size_t connections_for(std::size_t pool);
  std::size_t connections() const noexcept { return connections_; }

  /// The server ended by itself: its exit status.
  std::optional<int> ended() { return server_->poll(); }
  /// Starts it again after it ended by itself, without waiting. From the main thread.
  status launch();
  /// After launch(): false while it starts; an error, with its last words, when it ended or took too long.
  result<bool> ready();
  /// A fast shutdown; an immediate one after `grace`.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{10});

  embedded_postgres(embedded_postgres&&) noexcept = default;
  embedded_postgres& operator=(embedded_postgres&&) noexcept = default;
  ~embedded_postgres() = default;

 private:
  embedded_postgres(std::filesystem::path programs, std::filesystem::path cluster, std::filesystem::path socket_dir,
                    std::filesystem::path log, std::size_t connections, std::optional<identity> run_as)
      : programs_{std::move(programs)},
        cluster_{std::move(cluster)},
        socket_dir_{std::move(socket_dir)},
        log_{std::move(log)},
        connections_{connections},
        run_as_{std::move(run_as)} {}

  std::filesystem::path programs_, cluster_, socket_dir_, log_;
  std::size_t connections_;
  std::optional<identity> run_as_;
  std::optional<child> server_;
  std::chrono::steady_clock::time_point deadline_{};  // of the start under way
};

}  // namespace quorate::app
