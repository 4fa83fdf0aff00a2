// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/telemetry.hpp"
#include "actors/time.hpp"
#include "consensus/backoff.hpp"

namespace caf {
class actor;
class actor_system;
}  // namespace caf

namespace quorate::actors {

enum class restart_strategy {
  one_for_one,   // only what died is started again
  rest_for_one,  // and everything declared after it, in order: they may have held what died
};

/// A child as data. Children are permanent: whatever the reason, one that ends is started again.
struct child_spec {
  std::string name;
  /// Spawns it. May throw: that counts as a failure of the child.
  std::function<caf::actor()> start;
  /// Where the rest of the process finds the child: called with the new handle, and with an empty one when it is down.
  std::function<void(const caf::actor&)> publish;
  /// Beyond the restart intensity the process escalates; a child that is not significant goes on being tried.
  bool significant = true;
};

struct supervisor_settings {
  restart_strategy strategy = restart_strategy::one_for_one;
  /// Intensity: this many failures of one child within the window are borne.
  std::size_t max_restarts = 5;
  duration window = std::chrono::seconds{60};
  /// Waited before the first, second, … restart within the window.
  consensus::backoff backoff{std::chrono::milliseconds{20}, std::chrono::milliseconds{5'000}};
};

/// Called once, from the supervisor's thread: the process is to end with this code.
using escalation = std::function<void(int exit_code, const std::string& why)>;
inline constexpr int exit_code_unrecoverable = 70;  // EX_SOFTWARE of sysexits.h

/// Starts children in the declared order, watches them by monitors (never links: a `kill` would travel along a link and
/// cannot be trapped), restarts what ends, and stops them in reverse order.
class supervisor {
 public:
  /// Starts every child before it returns. What a factory throws here leaves the constructor, children started before
  /// it are stopped: a process that cannot start should say so rather than retry.
  supervisor(caf::actor_system& system, telemetry& figures, supervisor_settings settings,
             std::vector<child_spec> children, escalation escalate);
  /// Without a stop() before: tells the children to end and does not wait.
  ~supervisor();
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  /// Stops the children one after another, last declared first, each only when the one after it is gone. At `deadline`
  /// (from now) the rest is killed. `done` is called once, from the supervisor's thread; true when nobody had to be
  /// killed.
  void stop(duration deadline, std::function<void(bool in_time)> done);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace quorate::actors
