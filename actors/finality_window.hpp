// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace quorate::actors {

/// The appeal window in force (docs/spec/decisions.md Q21): what the database holds, else what was configured. One per
/// process; the finalizer loads it at its start and whenever `quorate_settings` is notified. Thread-safe.
class finality_window {
 public:
  explicit finality_window(std::chrono::seconds configured) : configured_{configured}, seconds_{configured.count()} {}

  std::chrono::seconds get() const noexcept { return std::chrono::seconds{seconds_.load(std::memory_order_relaxed)}; }
  void set(std::chrono::seconds now) noexcept { seconds_.store(now.count(), std::memory_order_relaxed); }
  /// What holds while nothing is stored.
  std::chrono::seconds configured() const noexcept { return configured_; }

 private:
  const std::chrono::seconds configured_;
  std::atomic<std::int64_t> seconds_;
};

}  // namespace quorate::actors
