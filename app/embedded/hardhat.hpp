// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "app/embedded/child.hpp"
#include "chain/result.hpp"

namespace quorate::app {

/// The folder with `start` in it that hardhat.directory names; when that is empty the nearest one called `hardhat` in a
/// directory above the program or above the working directory. errc::invalid_params says where was looked.
result<std::filesystem::path> find_hardhat(const std::string& configured);
/// Whether node and npm can be run. errc::invalid_params says what to install.
status check_node_programs();

/// The Hardhat node of `serve --hardhat embedded`: started, owned and stopped by this process, on 127.0.0.1. Its chain
/// lives in its memory and begins anew with each start.
class embedded_hardhat {
 public:
  struct options {
    std::string directory;                     // hardhat.directory
    int port = 8545;                           // 0: any free one
    std::int64_t chain_id = 61127;             // of its chain
    std::optional<std::filesystem::path> log;  // its output; empty: this process's own
  };
  /// Starts it and does not wait: the first start installs packages, and whoever forwards to a node bears its absence.
  /// From the main thread.
  static result<embedded_hardhat> start(const options& with);

  int port() const noexcept { return port_; }
  /// The node ended by itself: its exit status.
  std::optional<int> ended() { return node_->poll(); }
  /// Starts it again, without waiting. From the main thread.
  status launch();
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

  embedded_hardhat(embedded_hardhat&&) noexcept = default;
  embedded_hardhat& operator=(embedded_hardhat&&) noexcept = default;
  ~embedded_hardhat() = default;

 private:
  embedded_hardhat(std::filesystem::path start, int port, const options& with)
      : start_{std::move(start)}, port_{port}, chain_id_{with.chain_id}, log_{with.log} {}

  std::filesystem::path start_;
  int port_;
  std::int64_t chain_id_;
  std::optional<std::filesystem::path> log_;
  std::optional<child> node_;
};

}  // namespace quorate::app
