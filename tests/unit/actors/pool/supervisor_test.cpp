// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/actors/pool/pool_fixture.hpp"

namespace quorate::tests {
namespace {

using pool_supervisor = pool_test;

TEST_F(pool_supervisor, runs_a_job_and_answers_it) {
  start();
  const auto h = submit();
  run();
  EXPECT_TRUE(h->ok());
  EXPECT_EQ(h->answers, 1);
  EXPECT_EQ(inspect().idle, 1u);
  EXPECT_EQ(db->last_statement_timeout_ms, 30'000);
}

TEST_F(pool_supervisor, statement_timeout_is_the_remaining_time_rounded_up) {
  start();
  submit(milliseconds{700});
  run();
  EXPECT_EQ(db->last_statement_timeout_ms, 1'000);
}

TEST_F(pool_supervisor, warms_up_before_anybody_asks) {
  auto s = small();
  s.size = 4;
  s.warm_up = 3;
  start(s);
  EXPECT_EQ(inspect().idle, 3u);
}

TEST_F(pool_supervisor, waiter_is_answered_at_its_deadline) {
  start();
  ask_for_lease(seconds{60});
  run();
  ASSERT_EQ(grants.size(), 1u);
  const auto h = submit(seconds{30});
  advance(milliseconds{29'990});
  EXPECT_FALSE(h->answer);
  advance(milliseconds{11});
  EXPECT_EQ(h->code(), errc::pool_exhausted);
  EXPECT_NE(h->answer->error().detail.find("oldest holder holder"), std::string::npos);
}

TEST_F(pool_supervisor, cancelled_waiter_is_answered_at_once) {
  start();
  ask_for_lease();
  run();
  job_ptr work;
  const auto h = submit(seconds{30}, &work);
  run();
  pool.cancel(work);
  run();
  EXPECT_EQ(h->code(), errc::cancelled);
  EXPECT_EQ(inspect().waiting[0], 0u);
}

TEST_F(pool_supervisor, dead_holder_gives_its_lease_back) {
  start();
  ask_for_lease();
  run();
  ASSERT_EQ(leased(), 1);
  stop(holder);
  run();
  EXPECT_EQ(leased(), 0);
  const auto h = submit();
  run();
  EXPECT_TRUE(h->ok());
}

TEST_F(pool_supervisor, holder_killed_with_the_grant_in_its_mailbox_gives_it_back) {
  start();
  ask_for_lease();
  ASSERT_TRUE(run_one());  // its request is on its way
  ASSERT_TRUE(grants.empty());
  stop(holder);
  run_without(holder);  // the pool grants
  ASSERT_EQ(leased(), 1);
  run();
  EXPECT_TRUE(grants.empty());
  EXPECT_EQ(leased(), 0);
  EXPECT_EQ(inspect().idle, 1u);
}

TEST_F(pool_supervisor, steps_of_a_lease_share_one_connection) {
  start();
  ask_for_lease();
  run();
  int done = 0;
  for (int i = 0; i < 3; ++i)
    pool.step(grants.at(0),
              make_job<int>(
                  work_class::background, now() + seconds{5}, db::access::read_only, "step",
                  [](db::transaction&) -> result<int> { return 1; }, [&done](result<int> r) { done += *r; }));
  run();
  EXPECT_EQ(done, 3);
  EXPECT_EQ(db->opened, 1);
  pool.release(grants.at(0));
  run();
  EXPECT_EQ(leased(), 0);
}

TEST_F(pool_supervisor, lease_is_refused_at_its_deadline) {
  start();
  db->up = false;
  auto s = small();
  s.breaker_failures = 1000;
  pool.configure(s, [](status) {});
  ask_for_lease(seconds{2});
  advance(seconds{3});
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_TRUE(grants.empty());
}

TEST_F(pool_supervisor, breaker_answers_and_service_returns_within_a_second) {
  start();
  db->up = false;
  const auto h = submit();
  advance(milliseconds{100});
  EXPECT_EQ(h->code(), errc::database_unavailable);
  EXPECT_EQ(inspect().breaker, "open");
  const auto refused = submit();
  run();  // no time passes
  EXPECT_EQ(refused->code(), errc::database_unavailable);
  db->up = true;
  advance(seconds{1});
  const auto served = submit();
  run();
  EXPECT_TRUE(served->ok());
  EXPECT_EQ(inspect().breaker, "closed");
}

TEST_F(pool_supervisor, failed_ping_is_invisible_to_the_requester) {
  start();
  submit();
  run();
  advance(seconds{2});
  db->pings = false;
  const auto h = submit();
  run();
  EXPECT_TRUE(h->ok());
  EXPECT_EQ(db->pinged, 1);
  EXPECT_EQ(db->opened, 2);
  EXPECT_EQ(db->live, 1);
}

TEST_F(pool_supervisor, broken_write_is_answered_and_its_connection_replaced) {
  start();
  db->breaks = true;
  const auto h = submit();
  run();
  EXPECT_EQ(h->code(), errc::database_unavailable);
  EXPECT_EQ(h->answers, 1);
  db->breaks = false;
  const auto next = submit();
  run();
  EXPECT_TRUE(next->ok());
  EXPECT_EQ(db->live, 1);
}

TEST_F(pool_supervisor, its_death_answers_every_waiter_and_a_new_one_serves) {
  start();
  ask_for_lease();
  run();
  const auto a = submit(), b = submit();
  run();
  stop(supervisor);
  const auto in_mailbox = submit();
  run();
  for (const auto& h : {a, b, in_mailbox}) {
    EXPECT_EQ(h->code(), errc::database_unavailable);
    EXPECT_EQ(h->answers, 1);
  }
  EXPECT_EQ(db->live, 0);
  restart();
  const auto next = submit();
  run();
  EXPECT_TRUE(next->ok());
}

TEST_F(pool_supervisor, settings_changed_at_run_time_survive_a_restart) {
  start();
  auto s = small();
  s.size = 3;
  std::optional<status> changed;
  pool.configure(s, [&](status r) { changed = std::move(r); });
  run();
  ASSERT_TRUE(changed && *changed);
  stop(supervisor);
  run();
  restart();
  EXPECT_EQ(inspect().settings.size, 3u);
}

TEST_F(pool_supervisor, pause_and_drain_survive_a_restart) {
  start();
  pool.pause();
  run();
  stop(supervisor);
  run();
  restart();
  const auto waits = submit();
  run();
  EXPECT_TRUE(inspect().paused);
  EXPECT_FALSE(waits->answer);
  pool.resume();
  run();
  EXPECT_TRUE(waits->ok());
  pool.drain(now() + seconds{5}, [] {});
  run();
  stop(supervisor);
  run();
  restart();
  EXPECT_EQ(db->live, 0);
  const auto refused = submit();
  run();
  EXPECT_EQ(refused->code(), errc::server_busy);
  pool.resume();
  const auto served = submit();
  run();
  EXPECT_TRUE(served->ok());
}

TEST_F(pool_supervisor, changes_made_at_once_do_not_undo_each_other) {
  start();
  int made = 0;
  const auto done = [&](const status& s) { made += s ? 1 : 0; };
  pool.adjust(
      [](pool_settings s) -> result<pool_settings> {
        s.size = 3;
        return s;
      },
      done);
  pool.adjust(
      [](pool_settings s) -> result<pool_settings> {
        s.max_waiters = 7;
        return s;
      },
      done);
  std::string refusal;
  pool.adjust([](const pool_settings&) -> result<pool_settings> { return fail(errc::invalid_params, "no"); },
              [&](const status& s) { refusal = s ? "" : s.error().message; });
  run();
  EXPECT_EQ(made, 2);
  EXPECT_EQ(refusal, "no");
  EXPECT_EQ(inspect().settings.size, 3u);
  EXPECT_EQ(inspect().settings.max_waiters, 7u);
}

TEST_F(pool_supervisor, without_a_supervisor_everything_is_answered_at_once) {
  start();
  pool.publish({});
  const auto h = submit();
  EXPECT_EQ(h->code(), errc::database_unavailable);
  bool drained = false, configured = false;
  pool.drain(now(), [&] { drained = true; });
  pool.configure(small(), [&](status r) { configured = !r; });
  std::string breaker;
  pool.inspect([&](pool_snapshot s) { breaker = s.breaker; });
  EXPECT_TRUE(drained && configured);
  EXPECT_EQ(breaker, "open");
}

TEST_F(pool_supervisor, drains_to_zero_connections) {
  start();
  submit();
  run();
  bool drained = false;
  pool.drain(now() + seconds{5}, [&] { drained = true; });
  run();
  EXPECT_TRUE(drained);
  EXPECT_EQ(db->live, 0);
  const auto late = submit();
  run();
  EXPECT_EQ(late->code(), errc::server_busy);
}

TEST_F(pool_supervisor, resume_answers_whoever_asked_for_the_drain) {
  start();
  ask_for_lease();
  run();
  bool drained = false;
  pool.drain(now() + seconds{60}, [&] { drained = true; });
  run();
  EXPECT_FALSE(drained);
  pool.resume();
  run();
  EXPECT_TRUE(drained);
}

TEST_F(pool_supervisor, metrics_follow_the_pool) {
  start();
  submit();
  run();
  const auto text = counters.render();
  for (const auto* line : {"quorate_pool_connections{state=\"idle\"} 1", "quorate_pool_max 1",
                           "quorate_pool_acquire_total{result=\"ok\"} 1", "quorate_pool_breaker_state 0"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

}  // namespace
}  // namespace quorate::tests
