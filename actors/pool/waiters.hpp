// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <map>
#include <optional>

#include "actors/pool/rules.hpp"

namespace quorate::actors::pooling {

/// Counts up over the pool's life, so the order of tickets is the order of arrival.
using ticket_id = std::uint64_t;

/// Who waits for a connection: one strict FIFO per class. A ticket that comes back (its connection was dead) takes its
/// old place again.
class waiters {
 public:
  void add(ticket_id id, work_class cls, time_point arrived) { queue(cls).emplace(id, arrived); }
  void remove(ticket_id id, work_class cls) { queue(cls).erase(id); }

  /// Whose turn it is among the classes that may take a connection: the longest waiting of those older than `ageing`,
  /// else the first of the best class.
  std::optional<ticket_id> next(time_point now, duration ageing, const per_class& allowed) const;

  std::size_t size() const noexcept;
  std::size_t size(work_class cls) const { return queues_[index(cls)].size(); }
  /// The longest waiting of all.
  std::optional<ticket_id> oldest() const;

 private:
  std::map<ticket_id, time_point>& queue(work_class c) { return queues_[index(c)]; }

  std::array<std::map<ticket_id, time_point>, work_classes> queues_;
};

}  // namespace quorate::actors::pooling
