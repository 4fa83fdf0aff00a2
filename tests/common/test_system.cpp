// SPDX-License-Identifier: MIT
#include "tests/common/test_system.hpp"

#include <algorithm>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace quorate::tests {

namespace {

struct testing_config : caf::actor_system_config {
  testing_config() { set("scheduler.policy", caf::atom("testing")); }
};

}  // namespace

struct test_system::impl {
  testing_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
};

test_system::test_system() : impl_{std::make_unique<impl>()} {}
test_system::~test_system() = default;

caf::actor_system& test_system::system() { return impl_->system; }
void test_system::run() {
  while (impl_->scheduler.try_run_once()) {
  }
}
void test_system::advance(actors::duration by) {
  run();
  // From timer to timer, so that what a timer starts meets its own time and not the end of the advance.
  const auto end = now() + by;
  auto& clock = impl_->scheduler.clock();
  while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
    clock.advance_time(std::max(actors::duration::zero(), clock.schedule().begin()->first - now()));
    run();
  }
  clock.advance_time(end - now());
}
actors::time_point test_system::now() { return impl_->scheduler.clock().now(); }

}  // namespace quorate::tests
