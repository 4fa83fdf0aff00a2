// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "actors/pool/job.hpp"
#include "actors/pool/settings.hpp"

namespace quorate::actors {

/// The pool's figures at one moment, all taken by the supervisor itself, so they agree with each other.
struct pool_snapshot {
  pool_settings settings;
  std::size_t open = 0;  // idle + leased + closing: connections that exist on the server
  std::size_t idle = 0, leased = 0, connecting = 0, closing = 0;
  std::size_t peak_leased = 0;  // since start, or since the last reset
  std::array<std::size_t, work_classes> waiting{};
  bool paused = false, draining = false;
  std::string breaker;  // "closed", "open", "half_open"
  std::uint64_t generation = 0;
  std::string oldest_holder;  // label of the longest-held lease, empty when none
  std::chrono::milliseconds oldest_holder_age{0};
  std::string last_connect_error;
  bool listening = false;  // the one LISTEN connection is up; it is counted apart
};

/// The way into the pool supervisor. Thread-safe, never blocks. Answers come through job::finish or the callbacks, from
/// any thread. An interface, so that what uses the pool can be tested on a pool that runs jobs at once.
class pool {
 public:
  virtual ~pool() = default;

  virtual void submit(job_ptr work) = 0;
  /// The requester left: a waiting job is taken out, a running one is cancelled on the server; its slot stays counted
  /// until the server is done.
  virtual void cancel(job_ptr work) = 0;

  virtual void inspect(std::function<void(pool_snapshot)> done) = 0;
  /// Takes effect at once: growing serves waiters, shrinking closes idle connections and lets leased ones finish.
  virtual void configure(pool_settings settings, std::function<void(status)> done) = 0;
  /// The same, of the settings in force at that moment: two changes at once do not undo each other. `change` runs in
  /// the supervisor; its error is the answer, and then nothing changes.
  virtual void adjust(std::function<result<pool_settings>(pool_settings)> change, std::function<void(status)> done) = 0;
  /// Paused: running work finishes, waiting work waits (until its deadline), nothing new starts.
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Refuses new work, lets the rest finish until `deadline`, then cancels it; `done` when no connection is open, or
  /// when resume() ends it before.
  virtual void drain(time_point deadline, std::function<void()> done) = 0;
  /// Marks every connection stale: idle ones close now, leased ones when returned.
  virtual void evict() = 0;
};

}  // namespace quorate::actors
