// SPDX-License-Identifier: MIT
#include "actors/telemetry.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "actors/caf.hpp"
#include "tests/common/test_system.hpp"

namespace quorate::actors {
namespace {

struct worker {
  static constexpr const char* name = "worker";
  explicit worker(caf::event_based_actor* self) : self{self} {}
  caf::behavior make_behavior() {
    return {[this](int n) {
      if (n == 13) throw std::runtime_error("unlucky");
      if (n == 0) quit(self);
    }};
  }
  caf::event_based_actor* self;
};

class telemetry_test : public testing::Test {
 protected:
  caf::actor spawn() { return spawn_state<worker>(sys.system(), {.probe = figures.watch(worker::name)}); }
  actor_figures worker_figures() { return figures.snapshot().at(0); }

  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
};

TEST_F(telemetry_test, counts_running_actors_and_their_messages) {
  const auto a = spawn();
  const auto b = spawn();
  tell(a, 1);
  tell(a, 2);
  tell(b, 3);
  auto now = worker_figures();
  EXPECT_EQ(now.name, "worker");
  EXPECT_EQ(now.running, 2u);
  EXPECT_EQ(now.mailbox, 3u);
  EXPECT_EQ(now.processed, 0u);
  sys.run();
  now = worker_figures();
  EXPECT_EQ(now.mailbox, 0u);
  EXPECT_EQ(now.processed, 3u);
  EXPECT_GT(now.busy_seconds, 0);
  EXPECT_GE(now.busy_seconds, now.max_seconds);
  stop(a);
  stop(b);
  sys.run();
}

TEST_F(telemetry_test, keeps_the_work_of_those_that_ended_and_forgets_their_mailboxes) {
  const auto a = spawn();
  tell(a, 1);
  tell(a, 0);
  tell(a, 2);  // never handled
  sys.run();
  const auto now = worker_figures();
  EXPECT_EQ(now.running, 0u);
  EXPECT_EQ(now.started, 1u);
  EXPECT_EQ(now.processed, 2u);
  EXPECT_EQ(now.mailbox, 0u);
}

struct watcher {
  static constexpr const char* name = "watcher";
  watcher(caf::event_based_actor* self, caf::actor whom) : self{self}, whom{std::move(whom)} {}
  caf::behavior make_behavior() {
    on_down(self, [](const caf::down_msg&) {});
    watch(self, whom);
    return {[](int) {}};
  }
  caf::event_based_actor* self;
  caf::actor whom;
};

TEST_F(telemetry_test, the_news_of_a_death_does_not_wait_in_a_mailbox_for_ever) {
  const auto a = spawn();
  const auto b = spawn_state<watcher>(sys.system(), {.probe = figures.watch(watcher::name)}, a);
  sys.run();
  stop(a);
  sys.run();
  for (const auto& one : figures.snapshot()) EXPECT_EQ(one.mailbox, 0u) << one.name;
  stop(b);
  sys.run();
}

TEST_F(telemetry_test, remembers_the_exception_that_ended_an_actor) {
  const auto a = spawn();
  tell(a, 13);
  sys.run();
  EXPECT_EQ(worker_figures().running, 0u);
  EXPECT_EQ(worker_figures().last_error, "unlucky");
}

TEST_F(telemetry_test, remembers_restarts_and_failures_that_were_survived) {
  figures.restarted("worker", "it died");
  figures.failed("worker", "a turn failed");
  EXPECT_EQ(worker_figures().restarts, 1u);
  EXPECT_EQ(worker_figures().last_error, "a turn failed");
}

TEST_F(telemetry_test, shows_on_the_metrics_page_by_actor_name) {
  const auto a = spawn();
  tell(a, 1);
  sys.run();
  const auto page = registry.render();
  EXPECT_NE(page.find("quorate_actor_running{actor=\"worker\"} 1\n"), std::string::npos) << page;
  EXPECT_NE(page.find("quorate_actor_messages_total{actor=\"worker\"} 1\n"), std::string::npos);
  EXPECT_NE(page.find("quorate_actor_restarts_total{actor=\"worker\"} 0\n"), std::string::npos);
  stop(a);
  sys.run();
}

}  // namespace
}  // namespace quorate::actors
