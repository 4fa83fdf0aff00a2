// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/actors/pool/rig.hpp"

namespace quorate::tests {
namespace {

TEST(pool_lease, steps_run_one_after_another_on_one_connection) {
  rig r{rig::lazy(2)};
  const auto seen = r.lease(7);
  r.open_all();
  ASSERT_TRUE(seen->granted());
  const auto id = **seen->answer;
  const auto one = r.step(id), two = r.step(id);
  const auto slot = r.slot_of(one);
  EXPECT_FALSE(r.runs(two));
  r.finish(one);
  EXPECT_EQ(r.slot_of(two), slot);
  r.finish(two);
  r.pool.release(id, r.now), r.pump();
  EXPECT_EQ(r.at().leased, 0u);
  EXPECT_EQ(r.at().idle, 1u);
  EXPECT_EQ(r.forgotten, std::vector<holder_id>{7});
}

TEST(pool_lease, dead_holder_gives_it_back) {
  rig r{rig::lazy(1)};
  const auto seen = r.lease(7);
  r.open_all();
  const auto waiter = r.submit();
  EXPECT_FALSE(r.runs(waiter));
  // Granted, but the holder never saw the grant: it died with it in its mailbox.
  r.pool.holder_down(7, r.now), r.pump();
  EXPECT_TRUE(r.runs(waiter));
}

TEST(pool_lease, dead_holder_leaves_the_queue) {
  rig r{rig::lazy(1)};
  const auto busy = r.submit();
  r.open_all();
  r.lease(7);
  EXPECT_EQ(r.at().waiting[2], 1u);
  r.pool.holder_down(7, r.now), r.pump();
  EXPECT_EQ(r.at().waiting[2], 0u);
  EXPECT_TRUE(r.runs(busy));
}

TEST(pool_lease, step_of_a_dead_holder_is_cancelled_on_the_server) {
  rig r{rig::lazy(1)};
  const auto seen = r.lease(7);
  r.open_all();
  const auto step = r.step(**seen->answer);
  const auto slot = r.slot_of(step);
  r.pool.holder_down(7, r.now), r.pump();
  EXPECT_EQ(step->code(), errc::cancelled);
  EXPECT_TRUE(r.cancels.contains(slot));
  EXPECT_EQ(r.at().leased, 1u);
  r.finish(slot);
  r.cancel_sent(slot);
  EXPECT_EQ(r.at().idle, 1u);
}

TEST(pool_lease, late_messages_about_an_old_lease_meet_nobody) {
  rig r{rig::lazy(1)};
  const auto first = r.lease(7);
  r.open_all();
  const auto old = **first->answer;
  r.pool.release(old, r.now), r.pump();
  const auto second = r.lease(8);
  ASSERT_TRUE(second->granted());
  r.pool.release(old, r.now), r.pump();
  EXPECT_EQ(r.at().leased, 1u);
  EXPECT_EQ(r.step(old)->code(), errc::cancelled);
}

TEST(pool_lease, deadline_takes_it_back_and_counts_a_leak) {
  rig r{rig::lazy(1)};
  const auto seen = r.lease(7, work_class::background, seconds{10});
  r.open_all();
  ASSERT_TRUE(seen->granted());
  const auto waiter = r.submit();
  r.run_for(seconds{10});
  EXPECT_EQ(count_notes(r, note::kind::leaked), 1u);
  EXPECT_TRUE(r.runs(waiter));
}

TEST(pool_lease, stale_connection_is_replaced_before_the_grant) {
  rig r{rig::lazy(1)};
  r.submit();
  r.open_all();
  r.finish(r.running.begin()->first);
  r.advance(seconds{5});
  const auto seen = r.lease(7);
  ASSERT_EQ(r.pinging.size(), 1u);
  r.pinged(r.pinging.front(), false);
  EXPECT_FALSE(seen->answer);
  r.close_all();
  r.open_all();
  EXPECT_TRUE(seen->granted());
}

TEST(pool_lease, broken_step_ends_the_lease) {
  rig r{rig::lazy(1)};
  const auto seen = r.lease(7);
  r.open_all();
  const auto one = r.step(**seen->answer), two = r.step(**seen->answer);
  r.finish(one, {.broken = true});
  EXPECT_EQ(two->code(), errc::database_unavailable);
  r.close_all();
  EXPECT_EQ(r.counted(), 0u);
  EXPECT_EQ(r.step(**seen->answer)->code(), errc::cancelled);
}

TEST(pool_lease, pool_timeout_bounds_the_wait_and_each_step_not_the_holding) {
  auto s = rig::lazy(1);
  s.timeout = seconds{2};
  rig r{s};
  const auto held = r.lease(7, work_class::background, seconds{60});
  r.open_all();
  const auto waits = r.lease(8, work_class::background, seconds{60});
  r.run_for(seconds{2});
  ASSERT_TRUE(waits->answer);
  EXPECT_EQ(waits->answer->error().code, errc::pool_exhausted);
  r.run_for(seconds{30});
  const auto slow = r.step(**held->answer, seconds{20});
  r.begin(r.slot_of(slow));
  r.run_for(seconds{2});
  EXPECT_EQ(slow->code(), errc::query_timeout);
  EXPECT_EQ(count_notes(r, note::kind::leaked), 0u);
  r.run_for(seconds{26});
  EXPECT_EQ(count_notes(r, note::kind::leaked), 1u);
}

TEST(pool_lease, refused_when_nothing_comes_free_in_time) {
  rig r{rig::lazy(1)};
  const auto busy = r.submit(work_class::request, seconds{60});
  r.open_all();
  const auto seen = r.lease(7, work_class::consensus, seconds{5});
  r.run_for(seconds{5});
  ASSERT_TRUE(seen->answer);
  EXPECT_EQ(seen->answer->error().code, errc::pool_exhausted);
  EXPECT_TRUE(r.runs(busy));
}

TEST(pool_lease, step_that_is_too_slow_leaves_the_lease_alive) {
  rig r{rig::lazy(1)};
  const auto seen = r.lease(7);
  r.open_all();
  const auto slow = r.step(**seen->answer, seconds{1});
  const auto next = r.step(**seen->answer);
  const auto slot = r.slot_of(slow);
  r.run_for(seconds{1});
  EXPECT_EQ(slow->code(), errc::query_timeout);
  r.finish(slot);
  EXPECT_FALSE(r.runs(next));
  r.cancel_sent(slot);
  EXPECT_TRUE(r.runs(next));
  EXPECT_EQ(r.violations, std::vector<std::string>{});
}

}  // namespace
}  // namespace quorate::tests
