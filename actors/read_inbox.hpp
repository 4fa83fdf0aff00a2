// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "actors/reads.hpp"

/// Private to the read gateway: reads that wait, and reads on their way. Plain data, guarded by the gateway's mutex.
namespace quorate::actors {

using read_answer = std::function<void(result<db::read_value>)>;

/// One figure for every kind of read.
using per_kind = std::array<std::size_t, db::read_kinds>;

/// Reads of one kind, oldest first, that travel in one statement.
struct read_batch {
  db::read_kind kind{};
  std::vector<pending_read> members;  // a member whose `done` is empty has been answered
};

class read_inbox {
 public:
  void put(pending_read one);
  std::size_t size() const { return size_; }
  std::size_t waiting(std::size_t kind) const { return queues_[kind].size(); }
  /// Moves up to `most` reads of the kind whose oldest read has waited longest; a kind that may have none is passed by.
  /// False: there is nothing to take.
  bool take(read_batch& into, const per_kind& most);
  /// Latest deadline of all that wait; the epoch when nothing does.
  time_point latest_deadline() const;
  /// Removes those whose deadline is not after `limit`, and returns what answers them.
  std::vector<read_answer> take_due(time_point limit);

 private:
  struct entry {
    std::uint64_t arrival;
    pending_read read;
  };
  std::array<std::deque<entry>, db::read_kinds> queues_;
  std::size_t size_ = 0;
  std::uint64_t next_arrival_ = 0;
};

}  // namespace quorate::actors
