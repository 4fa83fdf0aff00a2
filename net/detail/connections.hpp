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

#include "net/detail/counters.hpp"

namespace quorate::net::detail {

class session;

/// Every open session, and how many each address has. Owns the sessions: what is removed here dies with its last
/// handler.
class connections {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  connections(std::size_t most, std::size_t most_per_address) : most_(most), most_per_address_(most_per_address) {}

  /// Why one more connection from `peer` is not allowed, or nothing.
  std::optional<refused> refusal(const std::string& peer) const;
  void add(std::shared_ptr<session> s);
  /// Called by a session that closes itself. Calls `on_empty` when it was the last.
  void remove(session& s);

  void sweep(time_point now);
  /// Closes idle sessions and tells the others to end after the request they are in.
  void drain();
  void close_all();

  std::size_t size() const { return sessions_.size(); }
  /// Called whenever the last session has gone.
  std::function<void()> on_empty;

 private:
  template <class Action>
  void for_each(Action action);

  std::size_t most_;
  std::size_t most_per_address_;
  std::vector<std::shared_ptr<session>> sessions_;
  std::unordered_map<std::string, std::size_t> per_address_;
};

}  // namespace quorate::net::detail
