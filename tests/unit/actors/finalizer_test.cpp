// SPDX-License-Identifier: MIT
#include "actors/caf.hpp"
#include "tests/unit/actors/loop_fixture.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

class finalizer_test : public loop_fixture {
 protected:
  void start() { loop_fixture::start({"finalizer"}); }
  void notify(std::string_view channel, std::string payload) {
    background->notified({std::string{channel}, std::move(payload)});
  }
};

TEST_F(finalizer_test, loads_the_stored_window_before_it_looks) {
  stored_window = 7;
  start();
  settle();
  EXPECT_EQ(window.get(), 7s);
  EXPECT_EQ(windows_seen, std::vector<std::int64_t>{7});
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(finalizer_test, without_a_stored_window_the_configured_one_holds) {
  window.set(99s);
  start();
  settle();
  EXPECT_EQ(windows_seen, std::vector<std::int64_t>{30});
}

TEST_F(finalizer_test, finalizes_what_is_due_one_by_one_and_looks_again) {
  due = {{"1", "alice"}, {"2", "bob"}};
  start();
  settle();
  EXPECT_EQ(finalized, (strings{"1", "2"}));
  EXPECT_EQ(finalizer_looks, 2);
  EXPECT_NE(registry.render().find("quorate_transactions_finalized_total 2\n"), std::string::npos);
}

TEST_F(finalizer_test, what_somebody_else_finalized_first_does_not_make_it_look_again) {
  due = {{"lost", "alice"}};
  start();
  settle();
  EXPECT_EQ(finalized, strings{"lost"});
  EXPECT_EQ(finalizer_looks, 1);
}

TEST_F(finalizer_test, one_that_fails_does_not_hold_up_the_others_and_is_tried_again) {
  settings.finalize_poll = 1h;
  settings.retry = {100ms, 1s};
  due = {{"stuck", "alice"}, {"1", "bob"}};
  start();
  settle();
  EXPECT_EQ(finalized, strings{"1"});
  EXPECT_EQ(finalizer_looks, 2);
  due = {{"stuck", "alice"}};
  background->wake();
  settle();
  EXPECT_EQ(finalizer_looks, 3);
  pass(100ms);
  EXPECT_EQ(finalizer_looks, 4);
}

TEST_F(finalizer_test, polls_as_a_fallback) {
  settings.finalize_poll = 5s;
  start();
  settle();
  due = {{"1", "alice"}};
  pass(4999ms);
  EXPECT_TRUE(finalized.empty());
  pass(1ms);
  EXPECT_EQ(finalized, strings{"1"});
}

TEST_F(finalizer_test, wakes_at_the_earliest_window_it_knows_of) {
  settings.finalize_poll = 1h;
  loop_fixture::start({"finalizer", "settler"});
  settle();
  nobody_can_pay = true;
  to_settle = 1;
  background->wake();
  settle();
  const auto before = finalizer_looks;
  due = {{"1", "alice"}};
  pass(30s);
  EXPECT_EQ(finalizer_looks, before);
  pass(1s);  // strictly more than the window
  EXPECT_EQ(finalized, strings{"1"});
}

TEST_F(finalizer_test, a_change_of_the_window_by_another_process_is_followed_at_once) {
  settings.finalize_poll = 1h;
  start();
  settle();
  stored_window = 1;
  due = {{"1", "alice"}};
  notify(db::channels::settings, "finality_window");
  settle();
  EXPECT_EQ(window.get(), 1s);
  EXPECT_EQ(finalized, strings{"1"});
}

TEST_F(finalizer_test, a_change_while_it_works_is_not_missed) {
  start();
  sys.run();
  pool.run_one();  // the window is read
  sys.run();
  stored_window = 5;
  notify(db::channels::settings, "finality_window");
  settle();
  EXPECT_EQ(window.get(), 5s);
  EXPECT_EQ(windows_seen.back(), 5);
}

TEST_F(finalizer_test, this_processs_own_change_needs_no_database) {
  settings.finalize_poll = 1h;
  start();
  settle();
  background->window_changed(3s);
  settle();
  EXPECT_EQ(windows_seen.back(), 3);
}

TEST_F(finalizer_test, missed_notifications_make_it_look) {
  settings.finalize_poll = 1h;
  start();
  settle();
  due = {{"1", "alice"}};
  notify(db::channels::transactions, "");
  settle();
  EXPECT_EQ(finalized, strings{"1"});
}

TEST_F(finalizer_test, a_failed_turn_is_tried_again_and_the_window_is_read_first_if_it_was_not) {
  settings.retry = {100ms, 1s};
  start();
  sys.run();
  pool.refuse_one(fail(errc::database_unavailable, "Database unavailable"));
  sys.run();
  stored_window = 4;
  pass(100ms);
  EXPECT_EQ(window.get(), 4s);
  EXPECT_EQ(finalizer_looks, 1);
}

TEST_F(finalizer_test, killed_it_is_restarted_and_goes_on) {
  start();
  settle();
  caf::anon_send_exit(*actor_of["finalizer"], caf::exit_reason::kill);
  due = {{"1", "alice"}};
  pass(1s);
  EXPECT_EQ(finalized, strings{"1"});
}

}  // namespace
}  // namespace quorate::actors
