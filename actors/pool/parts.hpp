// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "actors/caf.hpp"
#include "actors/metrics.hpp"
#include "actors/pool/settings.hpp"
#include "db/session.hpp"

namespace quorate::actors::pooling {

/// What the pool is made of, and what of it survives a restart of its supervisor. Shared by its actors.
struct parts {
  std::shared_ptr<db::connector> connector;
  metrics::registry* counters = nullptr;  // outlives the actor system
  std::function<double()> random;         // uniform in [0, 1); thread-safe
  bool detached = true;                   // false on a test scheduler: connections share its thread
  std::function<std::shared_ptr<actor_probe>(const char* name)> probes;  // may be empty

  std::atomic<bool> listening{false};
  /// What an operator has asked for last; it holds for the supervisor's next life, too.
  enum class mode : std::uint8_t { open, paused, draining };
  std::atomic<mode> asked_for{mode::open};
  /// Connection actors alive. After a restart those of the supervisor before still count against the limit.
  std::shared_ptr<std::atomic<std::size_t>> alive = std::make_shared<std::atomic<std::size_t>>(0);

  pool_settings settings() const {
    const std::scoped_lock lock{mutex_};
    return settings_;
  }
  void settings(const pool_settings& s) {
    const std::scoped_lock lock{mutex_};
    settings_ = s;
  }
  spawn_options options(const char* name, bool own_thread) const {
    return {own_thread && detached, probes ? probes(name) : nullptr};
  }

 private:
  mutable std::mutex mutex_;
  pool_settings settings_;
};

using parts_ptr = std::shared_ptr<parts>;

}  // namespace quorate::actors::pooling
