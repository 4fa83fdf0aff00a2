// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/actors/pool/rig.hpp"

/// Pause, resume, drain, resize and evict while the pool runs (docs/spec/seed.md S14).
namespace quorate::tests {
namespace {

TEST(pool_operation, growing_serves_waiters_now) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(), b = r.submit(), c = r.submit();
  r.open_all();
  EXPECT_FALSE(r.runs(b));
  ASSERT_TRUE(r.pool.configure(rig::lazy(3), r.now));
  r.pump();
  r.open_all();
  EXPECT_TRUE(r.runs(b) && r.runs(c));
}

TEST(pool_operation, shrinking_closes_idle_now_and_leased_when_they_return) {
  rig r{rig::lazy(4)};
  std::vector<asked_ptr> all;
  for (int i = 0; i < 4; ++i) all.push_back(r.submit());
  r.open_all();
  r.finish(all[0]);
  ASSERT_TRUE(r.pool.configure(rig::lazy(2), r.now));
  r.pump();
  EXPECT_EQ(r.at().idle, 0u);
  EXPECT_EQ(r.at().leased, 3u);
  const auto waiter = r.submit();
  r.finish(all[1]);
  EXPECT_FALSE(r.runs(waiter));
  r.close_all();
  EXPECT_EQ(r.counted(), 2u);
  r.finish(all[2]);
  EXPECT_TRUE(r.runs(waiter));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(all[i]->ok()) << i;
}

TEST(pool_operation, settings_out_of_bounds_change_nothing) {
  rig r{rig::lazy(3)};
  auto bad = rig::lazy(0);
  EXPECT_EQ(r.pool.configure(bad, r.now).error().code, errc::invalid_params);
  EXPECT_EQ(r.at().settings.size, 3u);
}

TEST(pool_operation, paused_pool_starts_nothing_and_resumes_in_order) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.open_all();
  r.pool.pause();
  const auto b = r.submit(), c = r.submit(work_class::request, seconds{1});
  r.finish(a);
  EXPECT_TRUE(a->ok());
  EXPECT_FALSE(r.runs(b));
  r.run_for(seconds{1});
  EXPECT_EQ(c->code(), errc::pool_exhausted);
  r.pool.resume(r.now), r.pump();
  EXPECT_TRUE(r.runs(b));
}

TEST(pool_operation, drain_finishes_what_is_there_and_refuses_the_rest) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(), b = r.submit();
  r.open_all();
  r.pool.drain(r.now + seconds{10}, r.now), r.pump();
  EXPECT_EQ(r.submit()->code(), errc::server_busy);
  r.finish(a);
  ASSERT_TRUE(r.runs(b));
  r.finish(b);
  EXPECT_TRUE(a->ok() && b->ok());
  EXPECT_EQ(r.drained_seen, 0);
  r.close_all();
  EXPECT_EQ(r.drained_seen, 1);
  EXPECT_EQ(r.counted(), 0u);
}

TEST(pool_operation, drain_cancels_what_is_left_at_its_deadline) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(), b = r.submit();
  r.open_all();
  const auto slot = r.slot_of(a);
  r.pool.drain(r.now + seconds{2}, r.now), r.pump();
  r.run_for(seconds{2});
  EXPECT_EQ(a->code(), errc::server_busy);
  EXPECT_EQ(b->code(), errc::server_busy);
  ASSERT_TRUE(r.cancels.contains(slot));
  r.finish(slot);
  r.cancel_sent(slot);
  r.close_all();
  EXPECT_EQ(r.drained_seen, 1);
}

TEST(pool_operation, resume_ends_a_drain_and_whoever_waits_for_it_hears) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.open_all();
  r.pool.drain(r.now + seconds{60}, r.now), r.pump();
  EXPECT_EQ(r.drained_seen, 0);
  r.pool.resume(r.now), r.pump();
  EXPECT_EQ(r.drained_seen, 1);
  const auto b = r.submit();
  r.finish(a);
  EXPECT_TRUE(r.runs(b));
  r.pool.resume(r.now), r.pump();
  EXPECT_EQ(r.drained_seen, 1);
}

TEST(pool_operation, empty_pool_is_drained_at_once) {
  rig r{rig::lazy(1)};
  r.pool.drain(r.now + seconds{2}, r.now), r.pump();
  EXPECT_EQ(r.drained_seen, 1);
}

TEST(pool_operation, evict_replaces_every_connection) {
  rig r{rig::lazy(2)};
  const auto a = r.submit(), b = r.submit();
  r.open_all();
  r.finish(b);
  r.pool.evict(r.now), r.pump();
  EXPECT_EQ(r.at().idle, 0u);
  r.finish(a);
  EXPECT_TRUE(a->ok());
  EXPECT_EQ(count_closed(r, close_reason::evicted), 2u);
}

TEST(pool_operation, attempt_begun_before_an_evict_is_not_trusted) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.pool.evict(r.now), r.pump();
  r.open_next();
  EXPECT_FALSE(r.runs(a));
  r.close_all();
  r.open_all();
  EXPECT_TRUE(r.runs(a));
}

TEST(pool_operation, connections_of_an_earlier_life_count_against_the_limit) {
  rig r{rig::lazy(3)};
  r.pool.set_foreign(2, r.now);
  for (int i = 0; i < 3; ++i) r.submit();
  EXPECT_EQ(r.opening.size(), 1u);
  r.pool.set_foreign(0, r.now), r.pump();
  EXPECT_EQ(r.opening.size(), 3u);
}

TEST(pool_operation, death_of_the_supervisor_answers_everybody) {
  rig r{rig::lazy(2)};
  const auto a = r.submit(), b = r.submit(), c = r.submit();
  const auto leased = r.lease(7);
  r.open_all();
  r.pool.abandon_all({errc::database_unavailable, "Database unavailable", {}, {}});
  r.pump();
  for (const auto& each : {a, b, c}) EXPECT_EQ(each->code(), errc::database_unavailable);
  EXPECT_TRUE(leased->answer);
}

}  // namespace
}  // namespace quorate::tests
