// SPDX-License-Identifier: MIT
#include "actors/pool/breaker.hpp"

#include <algorithm>

namespace quorate::actors::pooling {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_gap{1000};
constexpr milliseconds shortest_gap{50};  // full jitter may draw nearly nothing
constexpr milliseconds quick_gap{30};     // before it trips: find out fast, yet not all at once

}  // namespace

void breaker::attempt(time_point now) noexcept {
  if (state_ == state::closed) return;
  state_ = state::half_open;
  latest_ = not_before_ = now + longest_gap;
}

void breaker::success() noexcept {
  state_ = state::closed;
  failures_ = 0;
  not_before_ = {};
}

bool breaker::failure(const pool_settings& s, time_point now, double random) noexcept {
  ++failures_;
  milliseconds widest = quick_gap, narrowest{1};
  if (failures_ >= s.breaker_failures) {
    const auto doublings = std::min<std::size_t>(failures_ - s.breaker_failures, 10);
    widest = std::min(longest_gap, s.breaker_probe * (std::int64_t{1} << doublings));
    narrowest = shortest_gap;
  }
  const auto drawn = std::chrono::duration<double, std::milli>(widest) * random;
  const auto gap = std::max<duration>(narrowest, std::chrono::duration_cast<duration>(drawn));
  not_before_ = now + gap;
  // The failure of a probe that hung must not put off the one that is due.
  if (state_ != state::closed) not_before_ = std::clamp(latest_, now + narrowest, not_before_);
  const bool trips = state_ == state::closed && failures_ >= s.breaker_failures;
  if (trips || state_ == state::half_open) state_ = state::open;
  return trips;
}

const char* name(breaker::state s) noexcept {
  static constexpr const char* names[] = {"closed", "open", "half_open"};
  return names[static_cast<std::size_t>(s)];
}

}  // namespace quorate::actors::pooling
