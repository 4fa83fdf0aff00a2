// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_map>

#include "engine/python/manager/run.hpp"

namespace quorate::engine::python {

/// The runs of a manager, by the number that its clients know. A run stays until it is deleted, or for a while after
/// its end.
class run_table {
 public:
  /// Ended runs that nobody deleted; the oldest go first.
  static constexpr std::size_t most_ended = 256;
  /// Running at once; more are refused.
  static constexpr std::size_t most_running = 256;

  explicit run_table(run_services services) : services_{services} {}

  /// errc::server_busy when there are too many.
  result<std::uint64_t> start(manager_request request);
  /// Null when there is none.
  const run* find(std::uint64_t id) const;
  /// Stops it if it runs. False when there is none.
  bool remove(std::uint64_t id);
  void stop_all();
  std::size_t running() const { return running_; }

 private:
  void forget_old();

  run_services services_;
  std::unordered_map<std::uint64_t, std::shared_ptr<run>> runs_{};
  std::deque<std::uint64_t> ended_{};
  std::uint64_t next_ = 1;
  std::size_t running_ = 0;
};

}  // namespace quorate::engine::python
