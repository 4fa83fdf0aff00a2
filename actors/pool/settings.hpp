// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

#include "chain/result.hpp"

namespace quorate::actors {

/// Every figure of the connection pool (docs/design.md §3, seed.md S2). All of them can change while it runs.
struct pool_settings {
  std::size_t size = 20;
  std::size_t max_overflow = 30;
  std::chrono::milliseconds timeout{30'000};  // queue + connect + validate + query; a job's own deadline may be earlier
  std::chrono::seconds recycle{3600};         // 0: never
  double recycle_jitter = 0.10;               // each connection's age limit is recycle ± this share
  bool pre_ping = true;
  std::chrono::milliseconds pre_ping_idle{1000};    // ping only what was idle longer
  std::chrono::milliseconds idle_timeout{600'000};  // 0: never
  std::size_t warm_up = 2;                          // connections opened at start
  std::size_t max_waiters = 2000;                   // per class; one more is refused at once
  std::size_t connect_concurrency = 4;
  std::chrono::milliseconds connect_timeout{5'000};
  std::size_t reserved_consensus = 2;  // connections that requests leave free for the loops
  std::size_t reserved_background = 1;
  std::chrono::milliseconds ageing{2'000};       // a waiter this old goes before younger ones of better classes
  std::size_t breaker_failures = 3;              // consecutive failed connects that open the breaker
  std::chrono::milliseconds breaker_probe{250};  // first half-open probe; doubles with full jitter up to 1 s
  std::chrono::milliseconds cancel_grace{
      5'000};         // a query still running this long after its cancel: hang up on the server
  bool echo = false;  // log creation, lease, return, overflow, recycle, discard
};

/// Bounds of every figure; errc::invalid_params names the offending one.
status check(const pool_settings& settings);

}  // namespace quorate::actors
