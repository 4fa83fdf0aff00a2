// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

/// Pure decisions about transactions: no I/O, no clock, no actor. This page: the finality window
/// (docs/spec/consensus.md §6.7, docs/spec/database.md §2.11).
namespace quorate::consensus {

struct finality_rules {
  std::chrono::seconds window{30};
  double appeal_failed_reduction = 0.2;  // share taken off the window by each failed appeal, 0 … 1
};

/// What the window of one awaiting transaction is counted from. Unix seconds.
struct awaiting {
  std::int64_t since = 0;                   // timestamp_awaiting_finalization
  std::int64_t appeal_processing_time = 0;  // seconds that appeals took, which do not count
  std::int32_t appeal_failed = 0;
};

/// window × (1 − reduction)^appeal_failed, in seconds. Rules out of range count as their nearest bound.
double effective_window(const finality_rules& rules, std::int32_t appeal_failed);

/// True once strictly more than the effective window passed since the transaction began to wait.
bool window_over(const finality_rules& rules, const awaiting& row, std::int64_t now);

/// The first whole second at which window_over holds.
std::int64_t due_at(const finality_rules& rules, const awaiting& row);

/// LEADER_ONLY and LEADER_SELF_VALIDATOR rows do not wait at all.
bool waits_for_window(std::string_view execution_mode);

}  // namespace quorate::consensus
