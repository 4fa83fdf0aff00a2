// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/detail/connection.hpp"
#include "net/detail/counters.hpp"

namespace quorate::net::detail {

/// Every open connection, and how many each address has. Owns the connections: what is removed here dies with its last
/// handler.
class connections {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  connections(std::size_t most, std::size_t most_per_address) : most_(most), most_per_address_(most_per_address) {}

  /// Why one more connection from `peer` is not allowed, or nothing.
  std::optional<refused> refusal(const std::string& peer) const;
  void add(std::shared_ptr<connection> s);
  /// Called by a connection that closes itself. Calls `on_empty` when it was the last.
  void remove(connection& s);
  /// `next` goes on with the socket of `s`, in its place.
  void replace(connection& s, std::shared_ptr<connection> next);

  void sweep(time_point now);
  /// Closes idle connections and tells the others to end after what they are in.
  void drain();
  void close_all();

  std::size_t size() const { return open_.size(); }
  /// Called whenever the last connection has gone.
  std::function<void()> on_empty;

 private:
  template <class Action>
  void for_each(Action action);

  std::size_t most_;
  std::size_t most_per_address_;
  std::vector<std::shared_ptr<connection>> open_;
  std::unordered_map<std::string, std::size_t> per_address_;
};

}  // namespace quorate::net::detail
