// SPDX-License-Identifier: MIT
#include "consensus/backoff.hpp"

#include <algorithm>

namespace quorate::consensus {

std::chrono::milliseconds backoff::delay(std::size_t failures) const {
  if (failures == 0) return std::chrono::milliseconds{0};
  auto wait = std::min(first, longest);
  for (std::size_t i = 1; i < failures && wait < longest; ++i) wait = wait > longest / 2 ? longest : wait * 2;
  return wait;
}

}  // namespace quorate::consensus
