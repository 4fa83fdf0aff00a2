// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace quorate::actors {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;
using duration = clock::duration;

inline double to_seconds(duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace quorate::actors
