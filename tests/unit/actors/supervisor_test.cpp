// SPDX-License-Identifier: MIT
#include "actors/supervisor.hpp"

#include <map>
#include <stdexcept>

#include <gtest/gtest.h>

#include "actors/caf.hpp"
#include "tests/common/test_system.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;

/// Writes down its life.
struct worker {
  static constexpr const char* name = "worker";
  worker(caf::event_based_actor* self, std::string who, std::vector<std::string>* diary)
      : self{self}, who{std::move(who)}, diary{diary} {
    diary->push_back("+" + this->who);
  }
  ~worker() { diary->push_back("-" + who); }
  caf::behavior make_behavior() {
    return {[this](const std::string& what) {
      if (what == "throw") throw std::runtime_error("boom");
      if (what == "leave") self->quit(caf::exit_reason::normal);
    }};
  }
  caf::event_based_actor* self;
  std::string who;
  std::vector<std::string>* diary;
};

/// Hears nothing but a `kill`, which does not ask.
struct deaf {
  static constexpr const char* name = "deaf";
  explicit deaf(caf::event_based_actor* self) {
    self->set_exit_handler([](caf::exit_msg&) {});
  }
  caf::behavior make_behavior() {
    return {[](int) {}};
  }
};

class supervisor_test : public testing::Test {
 protected:
  ~supervisor_test() override {
    supervised.reset();
    sys.run();
  }

  child_spec child(const std::string& who) {
    return {who,
            [this, who] {
              if (broken[who]) throw std::runtime_error("cannot start");
              return spawn_state<worker>(sys.system(), {}, who, &diary);
            },
            [this, who](const caf::actor& now) { published[who] = now; }};
  }

  void start(supervisor_settings settings = {}) {
    std::vector<child_spec> children;
    for (const auto* who : {"a", "b", "c"}) children.push_back(child(who));
    children[2].significant = false;
    settings.backoff = {10ms, 80ms};
    supervised = std::make_unique<supervisor>(sys.system(), figures, settings, std::move(children),
                                              [this](int code, const std::string& why) {
                                                ++escalations;
                                                exit_code = code;
                                                reason = why;
                                              });
    sys.run();
    diary.clear();
  }

  void fail(const std::string& who) {
    tell(published[who], std::string{"throw"});
    sys.run();
  }

  std::map<std::string, caf::actor> published;
  std::map<std::string, bool> broken;
  std::vector<std::string> diary;
  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  int escalations = 0, exit_code = 0;
  std::string reason;
  std::unique_ptr<supervisor> supervised;
};

using entries = std::vector<std::string>;

TEST_F(supervisor_test, starts_every_child_before_the_constructor_returns) {
  supervised = std::make_unique<supervisor>(sys.system(), figures, supervisor_settings{},
                                            std::vector{child("a"), child("b")}, [](int, const std::string&) {});
  EXPECT_TRUE(published["a"]);
  EXPECT_TRUE(published["b"]);
}

TEST_F(supervisor_test, a_factory_that_throws_at_the_start_stops_the_others_and_is_reported_to_the_caller) {
  broken["b"] = true;
  EXPECT_THROW(supervisor(sys.system(), figures, {}, {child("a"), child("b")}, [](int, const std::string&) {}),
               std::runtime_error);
  sys.run();
  EXPECT_EQ(diary, (entries{"+a", "-a"}));
}

TEST_F(supervisor_test, one_for_one_restarts_only_what_died_after_the_backoff) {
  start();
  fail("b");
  EXPECT_EQ(diary, (entries{"-b"}));
  EXPECT_FALSE(published["b"]);
  sys.advance(9ms);
  EXPECT_EQ(diary, (entries{"-b"}));
  sys.advance(1ms);
  EXPECT_EQ(diary, (entries{"-b", "+b"}));
  EXPECT_TRUE(published["b"]);
  EXPECT_EQ(escalations, 0);
}

TEST_F(supervisor_test, a_child_that_ends_by_itself_is_restarted_too) {
  start();
  tell(published["a"], std::string{"leave"});
  sys.advance(10ms);
  EXPECT_EQ(diary, (entries{"-a", "+a"}));
}

TEST_F(supervisor_test, a_killed_child_is_restarted_and_the_supervisor_survives) {
  start();
  caf::anon_send_exit(published["a"], caf::exit_reason::kill);
  sys.advance(10ms);
  EXPECT_EQ(diary, (entries{"-a", "+a"}));
}

TEST_F(supervisor_test, waits_longer_after_each_failure_and_forgets_them_after_the_window) {
  start();
  fail("a");
  sys.advance(10ms);
  fail("a");
  sys.advance(19ms);
  EXPECT_FALSE(published["a"]);
  sys.advance(1ms);
  EXPECT_TRUE(published["a"]);
  sys.advance(61s);
  fail("a");
  sys.advance(10ms);
  EXPECT_TRUE(published["a"]);
}

TEST_F(supervisor_test, rest_for_one_stops_the_later_ones_in_reverse_and_starts_all_in_order) {
  start({.strategy = restart_strategy::rest_for_one});
  fail("a");
  EXPECT_EQ(diary, (entries{"-a", "-c", "-b"}));
  sys.advance(10ms);
  EXPECT_EQ(diary, (entries{"-a", "-c", "-b", "+a", "+b", "+c"}));
}

TEST_F(supervisor_test, rest_for_one_leaves_the_earlier_ones_alone) {
  start({.strategy = restart_strategy::rest_for_one});
  fail("b");
  sys.advance(10ms);
  EXPECT_EQ(diary, (entries{"-b", "-c", "+b", "+c"}));
}

TEST_F(supervisor_test, a_factory_that_fails_at_a_restart_is_tried_again_and_holds_back_the_later_ones) {
  start({.strategy = restart_strategy::rest_for_one});
  broken["a"] = true;
  fail("a");
  sys.advance(10ms);
  EXPECT_EQ(diary, (entries{"-a", "-c", "-b"}));
  broken["a"] = false;
  sys.advance(20ms);
  EXPECT_EQ(diary, (entries{"-a", "-c", "-b", "+a", "+b", "+c"}));
}

TEST_F(supervisor_test, escalates_once_when_a_significant_child_fails_too_often) {
  start({.max_restarts = 2});
  for (int i = 0; i < 2; ++i) {
    fail("a");
    sys.advance(80ms);
  }
  EXPECT_EQ(escalations, 0);
  fail("a");
  sys.advance(10s);
  EXPECT_EQ(escalations, 1);
  EXPECT_EQ(exit_code, exit_code_unrecoverable);
  EXPECT_NE(reason.find("a failed 3 times"), std::string::npos) << reason;
  EXPECT_FALSE(published["a"]);
}

TEST_F(supervisor_test, goes_on_trying_a_child_that_is_not_significant) {
  start({.max_restarts = 2});
  for (int i = 0; i < 10; ++i) {
    fail("c");
    sys.advance(80ms);
    EXPECT_TRUE(published["c"]) << i;
  }
  EXPECT_EQ(escalations, 0);
}

TEST_F(supervisor_test, counts_restarts_and_keeps_the_last_reason) {
  start();
  fail("b");
  bool seen = false;
  for (const auto& one : figures.snapshot())
    if (one.name == "b") {
      seen = true;
      EXPECT_EQ(one.restarts, 1u);
      EXPECT_NE(one.last_error.find("boom"), std::string::npos) << one.last_error;
    }
  EXPECT_TRUE(seen);
}

TEST_F(supervisor_test, stops_in_reverse_order_and_says_so) {
  start();
  std::optional<bool> in_time;
  supervised->stop(1s, [&](bool yes) { in_time = yes; });
  sys.run();
  EXPECT_EQ(diary, (entries{"-c", "-b", "-a"}));
  EXPECT_EQ(in_time, true);
  EXPECT_EQ(escalations, 0);
  sys.advance(2s);
  EXPECT_EQ(escalations, 0);
}

TEST_F(supervisor_test, restarts_nothing_while_stopping) {
  start();
  fail("a");  // its backoff runs
  std::optional<bool> in_time;
  supervised->stop(1s, [&](bool yes) { in_time = yes; });
  sys.advance(1s);
  EXPECT_EQ(in_time, true);
  EXPECT_EQ(diary, (entries{"-a", "-c", "-b"}));
}

TEST_F(supervisor_test, kills_what_does_not_end_by_the_deadline) {
  caf::actor handle;
  child_spec spec{"deaf", [&] { return handle = spawn_state<deaf>(sys.system(), {}); }, nullptr};
  supervised = std::make_unique<supervisor>(sys.system(), figures, supervisor_settings{}, std::vector{spec},
                                            [](int, const std::string&) {});
  std::optional<bool> in_time;
  supervised->stop(1s, [&](bool yes) { in_time = yes; });
  sys.advance(999ms);
  EXPECT_EQ(in_time, std::nullopt);
  sys.advance(1ms);
  EXPECT_EQ(in_time, false);
}

TEST_F(supervisor_test, letting_go_of_it_ends_the_children) {
  start();
  supervised.reset();
  sys.run();
  EXPECT_EQ(diary.size(), 3u);
  EXPECT_EQ(escalations, 0);
}

}  // namespace
}  // namespace quorate::actors
