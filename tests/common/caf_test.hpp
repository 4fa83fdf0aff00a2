// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include <caf/scheduler/test_coordinator.hpp>

#include "actors/caf.hpp"

namespace quorate::tests {

/// Actors on CAF's test scheduler: everything runs in the test's own thread when it says so, and time stands still
/// until it is moved. What a test spawns it stops before the end (CAF runs what is left, and a ticking actor has no
/// end).
class caf_test : public ::testing::Test {
 protected:
  caf_test() {
    config_.set("scheduler.policy", caf::atom("testing"));
    system_ = std::make_unique<caf::actor_system>(config_);
    scheduler_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  }

  caf::actor_system& system() { return *system_; }
  actors::time_point now() { return scheduler_->clock().now(); }

  /// Delivers messages until there are none.
  void run() { scheduler_->run(); }
  /// One message. False: there is none.
  bool run_one() { return scheduler_->try_run_once(); }
  /// The same, but leaves this actor's mailbox alone.
  void run_without(const caf::actor& whom) {
    const auto* const skipped = dynamic_cast<caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(whom));
    scheduler_->run_jobs_filtered([skipped](const caf::resumable* job) { return job != skipped; });
  }
  /// Timers fire in order, each at its own moment, and what they cause is done before the next one.
  void advance(actors::duration by) {
    run();
    const auto end = now() + by;
    auto& clock = scheduler_->clock();
    while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
      const auto due = std::max(clock.schedule().begin()->first, now());
      scheduler_->advance_time(due - now());
      run();
    }
    scheduler_->advance_time(end - now());
    run();
  }

 private:
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
};

}  // namespace quorate::tests
