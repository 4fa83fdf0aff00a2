// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

namespace quorate::consensus {

/// How long to wait before trying again: `first`, doubled with each failure in a row, never more than `longest`.
struct backoff {
  std::chrono::milliseconds first{50};
  std::chrono::milliseconds longest{5'000};

  /// `failures` in a row so far; 0 means nothing failed and nothing is to be waited for.
  std::chrono::milliseconds delay(std::size_t failures) const;
};

}  // namespace quorate::consensus
