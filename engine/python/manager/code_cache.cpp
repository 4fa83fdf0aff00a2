// SPDX-License-Identifier: MIT
#include "engine/python/manager/code_cache.hpp"

namespace quorate::engine::python {

namespace {

/// What an entry costs besides its content.
constexpr std::size_t entry_overhead = 200;

}  // namespace

const chain::bytes* code_cache::find(const chain::hash256& code) {
  const auto found = entries_.find(code);
  if (found == entries_.end()) return nullptr;
  used_.splice(used_.begin(), used_, found->second.used);
  return &found->second.objects;
}

void code_cache::keep(const chain::hash256& code, chain::bytes objects) {
  const std::size_t size = objects.size() + entry_overhead;
  if (size > most_bytes_ || entries_.contains(code)) return;
  while (bytes_ + size > most_bytes_) {
    const auto oldest = entries_.find(used_.back());
    bytes_ -= oldest->second.objects.size() + entry_overhead;
    entries_.erase(oldest);
    used_.pop_back();
  }
  used_.push_front(code);
  entries_.emplace(code, entry{std::move(objects), used_.begin()});
  bytes_ += size;
}

}  // namespace quorate::engine::python
