// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "chain/result.hpp"
#include "config/values.hpp"

namespace quorate::rpc {
class method_table;
}

namespace quorate::app {

struct node_options {
  config::values settings;
  std::string conninfo;  // libpq's: the embedded cluster's, or database.url
  /// Adds methods of an embedder's own (the benchmarks do); may be empty.
  std::function<void(rpc::method_table&)> extend;
  /// What engine.manager_url names is ours: it has its modules from whoever started it.
  bool owns_engine = false;
};

/// The composition root: everything that lives, built in order in node.cpp and handed on by constructor. Destruction is
/// the same list upwards.
class node {
 public:
  /// Opens (or creates) the schema, starts every actor and listens. Errors are for a person to read.
  static result<std::unique_ptr<node>> start(node_options options);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  std::uint16_t port() const;
  /// Applies the options that may change at run time (SIGHUP).
  void reload(const config::values& settings);
  /// A supervisor gave up: the process should end with this status.
  std::optional<int> failed() const;
  /// Refuses new work, finishes what runs, gives back every lease, closes every connection. False: the deadline came
  /// first and the rest was cut off.
  bool shutdown(std::chrono::milliseconds deadline);

 private:
  struct parts;
  explicit node(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

}  // namespace quorate::app
