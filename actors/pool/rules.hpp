// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "actors/pool/job.hpp"
#include "actors/pool/settings.hpp"

/// The small sums of the pool, free of state (docs/design.md §3).
namespace quorate::actors::pooling {

using per_class = std::array<std::size_t, work_classes>;

constexpr std::size_t index(work_class c) noexcept { return static_cast<std::size_t>(c); }
const char* name(work_class c) noexcept;

inline std::size_t capacity(const pool_settings& s) noexcept { return s.size + s.max_overflow; }

/// Connections kept free for a class. All shares together take at most half of the pool: in a small pool they would
/// otherwise lock requests out.
per_class reserves(const pool_settings& s) noexcept;

/// How many more connections each class may take when `taken` (leased or on their way out) of the pool's are gone, of
/// them `leased` per class: what is free, less what the other classes' shares still need.
per_class allowance(const pool_settings& s, std::size_t limit, std::size_t taken, const per_class& leased) noexcept;

/// The remaining time, rounded up to one of few values, so that a connection seldom has to change its
/// statement_timeout.
std::chrono::milliseconds statement_timeout(duration remaining) noexcept;

/// recycle ± jitter for `random` in [0, 1); duration::max() for never.
duration lifetime(const pool_settings& s, double random) noexcept;

/// Time allowed for a pre-ping: a healthy server answers in microseconds, so a second means that it is gone.
inline constexpr std::chrono::milliseconds ping_timeout{1000};

}  // namespace quorate::actors::pooling
