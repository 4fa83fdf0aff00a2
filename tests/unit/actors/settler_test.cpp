// SPDX-License-Identifier: MIT
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "tests/unit/actors/loop_fixture.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;

class settler_test : public loop_fixture {
 protected:
  void start(std::vector<std::string> names = {"settler"}) { loop_fixture::start(std::move(names)); }
  void notify() { background->notified({std::string{db::channels::transactions}, "0x01"}); }
};

TEST_F(settler_test, looks_at_its_start_and_then_holds_nothing) {
  start();
  settle();
  EXPECT_EQ(settle_turns, 1);
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(settler_test, a_notification_and_a_wake_up_are_heard_long_before_the_poll) {
  settings.claim_poll = 1h;
  start();
  settle();
  to_settle = 3;
  notify();
  settle();
  EXPECT_EQ(to_settle, 0u);
  to_settle = 1;
  background->wake();
  settle();
  EXPECT_EQ(to_settle, 0u);
  EXPECT_EQ(sys.now(), born);
}

TEST_F(settler_test, without_notifications_it_polls) {
  settings.claim_poll = 5s;
  start();
  settle();
  to_settle = 1;
  pass(4999ms);
  EXPECT_EQ(to_settle, 1u);
  pass(1ms);
  EXPECT_EQ(to_settle, 0u);
}

TEST_F(settler_test, goes_on_as_long_as_there_are_more) {
  settings.settle_batch = 10;
  to_settle = 35;
  start();
  settle();
  EXPECT_EQ(to_settle, 0u);
  EXPECT_EQ(settle_turns, 4);
  EXPECT_NE(registry.render().find("quorate_transactions_processed_total{outcome=\"finalized\"} 35\n"),
            std::string::npos);
}

TEST_F(settler_test, does_not_spin_on_what_others_are_at_work_on) {
  settings.settle_batch = 10;
  start();
  to_settle = 35;
  settle_leaves = true;
  settle();
  EXPECT_EQ(settle_turns, 1);
}

TEST_F(settler_test, notifications_during_a_turn_make_one_more) {
  start();
  sys.run();
  for (int i = 0; i < 10; ++i) notify();
  settle();
  EXPECT_EQ(settle_turns, 2);
}

TEST_F(settler_test, what_cannot_be_settled_together_is_taken_one_by_one) {
  start({"settler", "claimer"});
  settle();
  settle_error = error{errc::internal, "Internal error", {}, "a row that no rule expects"};
  pending = {{"1", "alice"}, {"2", "bob"}};
  notify();
  settle();
  EXPECT_EQ(processed, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(last_error("settler"), "Internal error");
}

TEST_F(settler_test, a_database_that_is_down_is_asked_again_after_a_growing_wait) {
  settings.retry = {100ms, 1s};
  start({"settler", "claimer"});
  settle();
  const auto looked = looks;
  settle_error = error{errc::database_unavailable, "Database unavailable", {}, "gone"};
  notify();
  settle();
  EXPECT_EQ(settle_turns, 2);
  pass(100ms);
  EXPECT_EQ(settle_turns, 3);
  pass(199ms);
  EXPECT_EQ(settle_turns, 3);
  settle_error.reset();
  to_settle = 1;
  pass(1ms);
  EXPECT_EQ(to_settle, 0u);
  EXPECT_EQ(looks, looked) << "the claimer would fail just so";
}

}  // namespace
}  // namespace quorate::actors
