// SPDX-License-Identifier: MIT
#include "actors/pool/waiters.hpp"

namespace quorate::actors::pooling {

std::optional<ticket_id> waiters::next(time_point now, duration ageing, const per_class& allowed) const {
  std::optional<ticket_id> aged, best;
  for (std::size_t c = 0; c < work_classes; ++c) {
    if (queues_[c].empty() || allowed[c] == 0) continue;
    const auto& [id, arrived] = *queues_[c].begin();
    if (!best) best = id;
    if (now - arrived >= ageing && (!aged || id < *aged)) aged = id;
  }
  return aged ? aged : best;
}

std::size_t waiters::size() const noexcept {
  std::size_t all = 0;
  for (const auto& q : queues_) all += q.size();
  return all;
}

std::optional<ticket_id> waiters::oldest() const {
  std::optional<ticket_id> first;
  for (const auto& q : queues_)
    if (!q.empty() && (!first || q.begin()->first < *first)) first = q.begin()->first;
  return first;
}

}  // namespace quorate::actors::pooling
