// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "app/embedded/child.hpp"
#include "app/embedded/data_directory.hpp"
#include "chain/result.hpp"

namespace quorate::app {

/// Where PostgreSQL's server programs are: the newest /usr/lib/postgresql/<version>/bin, else what pg_config names.
result<std::filesystem::path> find_postgres_programs();

/// The private PostgreSQL cluster of `serve` without a database: made, started, owned and stopped by this process. It
/// listens on a unix socket in a directory that only its user (and root) can enter, never on TCP. It dies with this
/// process, also after kill -9, by a fast shutdown; the next start waits for that, or recovers.
class embedded_postgres {
 public:
  /// Creates the cluster on first use, starts the server and waits until it answers. Call from the main thread, with
  /// the directory locked.
  static result<embedded_postgres> start(const data_directory& data);

  /// libpq connection string; the database exists.
  std::string conninfo() const;
  const std::filesystem::path& socket_dir() const noexcept { return socket_dir_; }
  static constexpr int port = 5432;
  static constexpr const char* user = "quorate";
  static constexpr const char* database = "genlayer_state";

  /// The server ended by itself: its exit status.
  std::optional<int> ended() { return server_.poll(); }
  /// Starts it again after it ended by itself. From the main thread.
  status restart();
  /// A fast shutdown; an immediate one after `grace`.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{10});

  embedded_postgres(embedded_postgres&&) noexcept = default;
  embedded_postgres& operator=(embedded_postgres&&) noexcept = default;
  ~embedded_postgres() = default;

 private:
  embedded_postgres(std::filesystem::path programs, std::filesystem::path cluster, std::filesystem::path socket_dir,
                    std::filesystem::path log, std::optional<identity> run_as, child server)
      : programs_{std::move(programs)},
        cluster_{std::move(cluster)},
        socket_dir_{std::move(socket_dir)},
        log_{std::move(log)},
        run_as_{std::move(run_as)},
        server_{std::move(server)} {}

  std::filesystem::path programs_, cluster_, socket_dir_, log_;
  std::optional<identity> run_as_;
  child server_;
};

}  // namespace quorate::app
