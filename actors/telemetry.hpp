// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/metrics.hpp"

namespace quorate::actors {

class actor_probe;

/// Every actor of one name (`request`, `pool_connection`, …) at one moment.
struct actor_figures {
  std::string name;
  std::size_t running = 0;
  std::uint64_t started = 0;    // since the process started
  std::uint64_t processed = 0;  // messages handled
  std::size_t mailbox = 0;      // messages waiting over all of them; approximate, never negative
  double busy_seconds = 0;      // inside handlers
  double max_seconds = 0;       // longest single handler
  std::uint64_t restarts = 0;   // by a supervisor
  std::string last_error;       // of a handler that threw, or the reason a supervisor saw; empty when none
};

/// Knows every live actor that was spawned with one of its probes. An actor pays one relaxed atomic increment per
/// message it is sent and two clock readings per message it handles (about 60 ns together); nobody ever looks into a
/// mailbox. Thread-safe. Feeds `dev_getActors`, `quorate top` and `quorate_actor_*{actor}` on /metrics.
class telemetry {
 public:
  /// `registry` must outlive this object only: what it renders later it keeps alive by itself.
  explicit telemetry(metrics::registry& registry);

  /// A probe for one actor about to be spawned (`spawn_options::probe`).
  std::shared_ptr<actor_probe> watch(std::string_view name);

  /// A supervisor replaced one of them; `why` becomes the last error.
  void restarted(std::string_view name, const std::string& why);
  /// Something failed in an actor that goes on living.
  void failed(std::string_view name, const std::string& why);

  /// One entry per name that ever lived, by name.
  std::vector<actor_figures> snapshot() const;

  struct probe;  // detail: one actor
  struct kind;   // detail: all actors of a name

 private:
  std::shared_ptr<kind> find(std::string_view name);

  metrics::registry& registry_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<kind>, std::less<>> kinds_;
};

}  // namespace quorate::actors
