// SPDX-License-Identifier: MIT
#include "actors/pool/effects.hpp"

namespace quorate::actors::pooling {

const char* name(acquire_result r) noexcept {
  static constexpr const char* names[] = {"ok", "timeout", "rejected", "breaker", "cancelled"};
  return names[static_cast<std::size_t>(r)];
}

const char* name(close_reason r) noexcept {
  static constexpr const char* names[] = {"lifetime", "idle", "broken", "evicted", "overflow", "shrunk", "drained"};
  return names[static_cast<std::size_t>(r)];
}

}  // namespace quorate::actors::pooling
