// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chain/result.hpp"

namespace quorate::app {

/// A running node as it describes itself to `quorate status`, `top` and `doctor`: one small file per port in
/// <data-dir>/nodes, removed when the node ends.
struct node_record {
  int pid = 0;
  std::string host;
  int port = 0;
  std::string version;
  bool embedded = false;
  // How to reach the database with psql; empty for an external database (its URL may hold a password).
  std::string socket_dir, user, database;
  int database_port = 0;
};

class data_directory {
 public:
  /// Creates the directory when missing. Errors name the path and what is wrong with it.
  static result<data_directory> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Takes the directory for this process until it ends (an flock, so even kill -9 frees it). The error names the pid
  /// of the live Quorate that owns it.
  status lock();
  /// The pid of the live Quorate that owns it; takes nothing and changes nothing.
  static std::optional<std::string> owner(const std::filesystem::path& path);

  status publish(const node_record& node) const;
  void withdraw(int port) const noexcept;
  /// Records of nodes whose process is alive.
  std::vector<node_record> nodes() const { return nodes_in(path_); }
  /// The same for whoever may only read the directory; none when it does not exist.
  static std::vector<node_record> nodes_in(const std::filesystem::path& path);

  data_directory(data_directory&& other) noexcept;
  data_directory& operator=(data_directory&&) = delete;
  ~data_directory();

 private:
  explicit data_directory(std::filesystem::path path) : path_{std::move(path)} {}
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace quorate::app
