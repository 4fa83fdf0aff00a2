// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <span>

namespace quorate::rpc::methods {

/// From 0 to `n` - 1, each as likely as the others; `n` is at least 1.
inline std::uint64_t draw_below(const std::function<void(std::span<std::uint8_t>)>& random_bytes, std::uint64_t n) {
  // What is above the last whole multiple of n would favour the small numbers: drawn again.
  constexpr auto top = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t most = top - (top % n + 1) % n;
  std::uint64_t drawn = 0;
  do {
    std::array<std::uint8_t, sizeof drawn> bytes{};
    random_bytes(bytes);
    std::memcpy(&drawn, bytes.data(), sizeof drawn);
  } while (drawn > most);
  return drawn % n;
}

}  // namespace quorate::rpc::methods
