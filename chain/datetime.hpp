// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Dates and times as contracts and clients write them (ISO 8601).
namespace quorate::chain {

struct instant {
  std::int64_t seconds = 0;  // since 1970, UTC; negative before
  long nanoseconds = 0;      // 0 to 999,999,999
  bool operator==(const instant&) const = default;
};

/// `2024-11-26T06:42:42.424242Z`, or with an offset `+02:00`, or with none (UTC). Empty for anything else.
std::optional<instant> parse_datetime(std::string_view text);
/// `2024-11-26T06:42:42.424242Z`.
std::string format_datetime(std::chrono::system_clock::time_point time);

}  // namespace quorate::chain
