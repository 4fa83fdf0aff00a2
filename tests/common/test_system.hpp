// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "actors/time.hpp"

namespace caf {
class actor_system;
}

namespace quorate::tests {

/// An actor system on CAF's test scheduler: nothing runs until told to, and time stands still between advances.
/// Detached actors do not belong here.
class test_system {
 public:
  test_system();
  ~test_system();

  caf::actor_system& system();
  /// Runs until no actor has a message; timers are left alone.
  void run();
  /// Moves the virtual clock and runs what became due, including what that brings about.
  void advance(actors::duration by);
  actors::time_point now();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace quorate::tests
