// SPDX-License-Identifier: MIT
#include "consensus/finality.hpp"

#include <algorithm>
#include <cmath>

namespace quorate::consensus {

double effective_window(const finality_rules& rules, std::int32_t appeal_failed) {
  const auto window = std::max<double>(0, static_cast<double>(rules.window.count()));
  const auto kept = 1.0 - std::clamp(rules.appeal_failed_reduction, 0.0, 1.0);
  return window * std::pow(kept, std::max(appeal_failed, 0));
}

bool window_over(const finality_rules& rules, const awaiting& row, std::int64_t now) {
  const auto waited = now - row.since - row.appeal_processing_time;
  return static_cast<double>(waited) > effective_window(rules, row.appeal_failed);
}

std::int64_t due_at(const finality_rules& rules, const awaiting& row) {
  // Strictly more than the window: the next whole second after it, also when the window is a whole number itself.
  const auto window = static_cast<std::int64_t>(std::floor(effective_window(rules, row.appeal_failed)));
  return row.since + row.appeal_processing_time + window + 1;
}

bool waits_for_window(std::string_view execution_mode) {
  return execution_mode != "LEADER_ONLY" && execution_mode != "LEADER_SELF_VALIDATOR";
}

}  // namespace quorate::consensus
