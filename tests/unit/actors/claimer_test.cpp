// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "tests/unit/actors/loop_fixture.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

class claimer_test : public loop_fixture {
 protected:
  void start() { loop_fixture::start({"claimer"}); }
  /// As the settler does when it could not settle transfers together.
  void nudge() { tell(*actor_of.at("claimer"), to_claimer::nudge{}); }
};

TEST_F(claimer_test, looks_at_its_start_and_then_holds_nothing) {
  start();
  settle();
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(claimer_test, the_settler_wakes_it_long_before_the_poll) {
  settings.claim_poll = 1h;
  start();
  settle();
  pending = {{"0x01", "alice"}};
  nudge();
  settle();
  EXPECT_EQ(processed, strings{"0x01"});
  EXPECT_EQ(sys.now(), born);
}

TEST_F(claimer_test, left_alone_it_polls) {
  settings.claim_poll = 5s;
  start();
  settle();
  pending = {{"0x01", "alice"}};
  pass(4999ms);
  EXPECT_TRUE(processed.empty());
  pass(1ms);
  EXPECT_EQ(processed, strings{"0x01"});
}

TEST_F(claimer_test, processes_a_recipients_transactions_one_after_another_in_order) {
  pending = {{"1", "alice"}, {"2", "alice"}, {"3", "alice"}};
  start();
  settle();
  EXPECT_EQ(processed, (strings{"1", "2", "3"}));
  EXPECT_TRUE(pending.empty());
}

TEST_F(claimer_test, nothing_of_a_recipient_runs_twice_at_once) {
  pending = {{"1", "alice"}, {"2", "alice"}};
  start();
  sys.run();
  pool.run_one();  // the look
  sys.run();
  ASSERT_EQ(waiting("contract_queue"), 1u);
  for (int i = 0; i < 5; ++i) {
    nudge();
    sys.run();
    if (waiting("claimer") > 0 && pool.front().label == "claimer") pool.run_one();
  }
  EXPECT_EQ(waiting("contract_queue"), 1u);
}

TEST_F(claimer_test, different_recipients_run_at_once_up_to_the_limit) {
  settings.parallelism = 2;
  pending = {{"1", "alice"}, {"2", "bob"}, {"3", "carol"}, {"4", std::nullopt}};
  start();
  sys.run();
  pool.run_one();
  sys.run();
  EXPECT_EQ(waiting("contract_queue"), 2u);
  settle();
  EXPECT_EQ(processed.size(), 4u);
}

TEST_F(claimer_test, nudges_during_a_look_make_one_more_look) {
  start();
  sys.run();
  for (int i = 0; i < 10; ++i) nudge();
  settle();
  EXPECT_EQ(looks, 2);
}

TEST_F(claimer_test, a_queue_ends_when_its_recipient_has_no_more_work) {
  pending = {{"1", "alice"}};
  start();
  settle();
  EXPECT_EQ(running("contract_queue"), 0u);
  EXPECT_EQ(running("claimer"), 1u);
  EXPECT_NE(registry.render().find("quorate_contract_queues 0\n"), std::string::npos);
}

TEST_F(claimer_test, a_failure_is_tried_again_after_a_growing_wait_and_others_go_on) {
  settings.retry = {100ms, 1s};
  outcomes["1"] = fail(errc::database_unavailable, "Database unavailable");
  pending = {{"1", "alice"}, {"2", "bob"}};
  start();
  settle();
  EXPECT_EQ(processed, (strings{"1", "2"}));
  pass(99ms);
  EXPECT_EQ(processed.size(), 2u);
  pass(1ms);
  EXPECT_EQ(processed, (strings{"1", "2", "1"}));
  pass(199ms);
  EXPECT_EQ(processed.size(), 3u);
  outcomes.clear();
  pass(1ms);
  EXPECT_EQ(processed, (strings{"1", "2", "1", "1"}));
  EXPECT_TRUE(pending.empty());
  EXPECT_NE(registry.render().find("quorate_transactions_processed_total{outcome=\"error\"} 2\n"), std::string::npos);
}

TEST_F(claimer_test, the_details_of_an_error_stay_in_the_log) {
  outcomes["1"] = fail(errc::internal, "Internal error", {}, "relation \"secret\" does not exist");
  pending = {{"1", "alice"}};
  start();
  settle();
  EXPECT_EQ(last_error("contract_queue"), "Internal error");
  broken = true;
  nudge();
  settle();
  EXPECT_EQ(last_error("claimer"), "Database unavailable");
}

TEST_F(claimer_test, a_resting_recipient_takes_no_place_of_another) {
  settings.parallelism = 1;
  outcomes["1"] = fail(errc::conflict, "Conflict");
  pending = {{"1", "alice"}, {"2", "bob"}};
  start();
  settle();
  EXPECT_EQ(processed, (strings{"1", "2"}));
}

TEST_F(claimer_test, what_another_process_holds_is_left_to_it) {
  outcomes["1"] = send_outcome::not_claimable;
  pending = {{"1", "alice"}};
  start();
  settle();
  EXPECT_EQ(processed, strings{"1"});
  pending.clear();  // the other one has finished it
  pass(1s);
  EXPECT_EQ(processed, strings{"1"});
  EXPECT_EQ(running("contract_queue"), 0u);
}

TEST_F(claimer_test, an_exception_in_the_unit_of_work_is_a_failure_like_any_other) {
  start();
  settle();
  pending = {{"1", "alice"}};
  nudge();
  sys.run();
  pool.run_one();
  sys.run();
  pool.refuse_one(fail(errc::internal, "Internal error", {}, "it threw"));
  sys.run();
  EXPECT_TRUE(processed.empty());
  pass(1s);
  EXPECT_EQ(processed, strings{"1"});
}

TEST_F(claimer_test, an_unreachable_database_is_asked_again_after_a_growing_wait) {
  settings.retry = {100ms, 1s};
  settings.claim_poll = 1h;
  broken = true;
  start();
  settle();
  EXPECT_EQ(looks, 1);
  pass(100ms);
  EXPECT_EQ(looks, 2);
  pass(199ms);
  EXPECT_EQ(looks, 2);
  pass(1ms);
  EXPECT_EQ(looks, 3);
  broken = false;
  pending = {{"1", "alice"}};
  pass(400ms);
  EXPECT_EQ(processed, strings{"1"});
}

TEST_F(claimer_test, a_lost_job_is_a_failure_and_not_the_end) {
  start();
  sys.run();
  pool.lose_one();
  pending = {{"1", "alice"}};
  pass(1s);
  EXPECT_EQ(processed, strings{"1"});
}

TEST_F(claimer_test, looks_again_when_a_full_answer_may_have_hidden_others) {
  settings.batch = 2;
  for (int i = 0; i < 7; ++i) pending.push_back({std::to_string(i), "r" + std::to_string(i)});
  start();
  settle();
  EXPECT_EQ(processed.size(), 7u);
}

TEST_F(claimer_test, killed_in_the_middle_it_is_restarted_and_everything_is_processed_once) {
  pending = {{"1", "alice"}, {"2", "alice"}};
  start();
  sys.run();
  pool.run_one();
  sys.run();
  ASSERT_EQ(waiting("contract_queue"), 1u);
  caf::anon_send_exit(*actor_of["claimer"], caf::exit_reason::kill);
  sys.run();
  EXPECT_EQ(pool.waiting(), 0u);  // its queue has cancelled its job
  EXPECT_EQ(running("contract_queue"), 0u);
  pass(1s);
  EXPECT_EQ(processed, (strings{"1", "2"}));
}

TEST_F(claimer_test, an_undetermined_transfer_is_counted_as_such) {
  outcomes["1"] = send_outcome::undetermined;
  pending = {{"1", "alice"}};
  start();
  settle();
  EXPECT_NE(registry.render().find("quorate_transactions_processed_total{outcome=\"undetermined\"} 1\n"),
            std::string::npos);
  EXPECT_NE(registry.render().find("quorate_transaction_lag_seconds_count 1\n"), std::string::npos);
}

}  // namespace
}  // namespace quorate::actors
