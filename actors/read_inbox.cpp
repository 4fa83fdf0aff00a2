// SPDX-License-Identifier: MIT
#include "actors/read_inbox.hpp"

#include <algorithm>

namespace quorate::actors {

void read_inbox::put(pending_read one) {
  queues_[static_cast<std::size_t>(one.kind)].push_back({next_arrival_++, std::move(one)});
  ++size_;
}

bool read_inbox::take(read_batch& into, const per_kind& most) {
  std::deque<entry>* oldest = nullptr;
  std::size_t limit = 0;
  for (std::size_t kind = 0; kind < queues_.size(); ++kind) {
    auto& queue = queues_[kind];
    if (most[kind] == 0 || queue.empty()) continue;
    if (oldest && queue.front().arrival > oldest->front().arrival) continue;
    oldest = &queue;
    limit = most[kind];
  }
  if (!oldest) return false;
  const auto count = std::min(limit, oldest->size());
  into.kind = oldest->front().read.kind;
  into.members.clear();
  into.members.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    into.members.push_back(std::move(oldest->front().read));
    oldest->pop_front();
  }
  size_ -= count;
  return true;
}

time_point read_inbox::latest_deadline() const {
  time_point latest{};
  for (const auto& queue : queues_)
    for (const auto& one : queue) latest = std::max(latest, one.read.deadline);
  return latest;
}

std::vector<read_answer> read_inbox::take_due(time_point limit) {
  std::vector<read_answer> due;
  for (auto& queue : queues_)
    std::erase_if(queue, [&](entry& one) {
      if (one.read.deadline > limit) return false;
      due.push_back(std::move(one.read.done));
      return true;
    });
  size_ -= due.size();
  return due;
}

}  // namespace quorate::actors
