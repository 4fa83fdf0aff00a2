// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/actors/pool/rig.hpp"

/// Deadlines, cancels, validation and age (docs/design.md §3, docs/spec/seed.md S2).
namespace quorate::tests {
namespace {

TEST(pool_time, waiter_is_answered_at_its_deadline_with_the_cause) {
  rig r{rig::lazy(1)};
  const auto busy = r.submit(work_class::request, seconds{60}, db::access::read_write, "sim_fundAccount");
  r.open_all();
  r.begin(r.slot_of(busy));
  const auto a = r.submit(work_class::request, seconds{30});
  r.run_for(milliseconds{29'999});
  EXPECT_FALSE(a->answer);
  r.run_for(milliseconds{1});
  ASSERT_EQ(a->code(), errc::pool_exhausted);
  EXPECT_EQ(a->answer->error().data,
            R"({"size":1,"max_overflow":0,"leased":1,"waiting":1,"timeout_s":30,"retry_after_s":1})");
  EXPECT_NE(a->answer->error().detail.find("oldest holder sim_fundAccount for 30.000s"), std::string::npos);
}

TEST(pool_time, slow_query_is_told_apart_from_a_full_pool) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(work_class::request, seconds{5});
  r.open_all();
  r.begin(r.slot_of(a));
  r.run_for(seconds{5});
  EXPECT_EQ(a->code(), errc::query_timeout);
}

TEST(pool_time, connecting_too_long_means_unavailable) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(work_class::request, seconds{3});
  r.run_for(seconds{3});
  EXPECT_EQ(a->code(), errc::database_unavailable);
}

/// The network went silent under one query: the pool is not exhausted, its next connection does not come.
TEST(pool_time, attempt_that_hangs_means_unavailable_though_others_work) {
  rig r{rig::lazy(4)};
  const auto runs = r.submit(work_class::request, seconds{20});
  r.open_all();
  r.begin(r.slot_of(runs));
  const auto a = r.submit(work_class::request, seconds{1});
  r.run_for(seconds{1});
  EXPECT_EQ(a->code(), errc::database_unavailable);
  const auto b = r.submit(work_class::request, seconds{1});
  r.run_for(milliseconds{900});
  r.fail_next("timeout");  // the next attempt is young
  r.run_for(milliseconds{100});
  EXPECT_EQ(b->code(), errc::database_unavailable);
}

/// Behind a query that hung until now, say.
TEST(pool_time, work_that_arrives_with_no_time_left_is_late_whatever_the_pool_looks_like) {
  rig r{rig::lazy(1)};
  EXPECT_EQ(r.submit(work_class::request, seconds{0})->code(), errc::query_timeout);
  r.submit();
  r.open_all();
  EXPECT_EQ(r.submit(work_class::request, seconds{0})->code(), errc::query_timeout);
}

TEST(pool_time, attempt_that_is_young_is_not_to_blame_for_a_full_pool) {
  rig r{rig::lazy(2)};
  const auto one = r.submit(work_class::request, seconds{20}), two = r.submit(work_class::request, seconds{20});
  r.open_all();
  const auto a = r.submit(work_class::request, seconds{10});
  r.run_for(milliseconds{9'900});
  r.finish(two, {.broken = true});
  r.close_all();  // its successor is being opened
  ASSERT_EQ(r.opening.size(), 1u);
  r.run_for(milliseconds{100});
  EXPECT_EQ(a->code(), errc::pool_exhausted);
  EXPECT_TRUE(r.runs(one));
}

/// A connection that took long to open went to somebody more urgent; the one opened for that one hangs.
TEST(pool_time, a_server_that_gives_too_few_connections_is_to_blame_while_there_is_room) {
  rig r{rig::lazy(4)};
  const auto runs = r.submit(work_class::request, seconds{20});
  r.open_all();
  r.begin(r.slot_of(runs));
  const auto a = r.submit(work_class::background, seconds{2});
  r.run_for(milliseconds{1'200});
  const auto urgent = r.submit(work_class::request, seconds{20});
  ASSERT_EQ(r.opening.size(), 2u);
  r.open_next();
  ASSERT_TRUE(r.runs(urgent));
  r.run_for(milliseconds{800});
  EXPECT_EQ(a->code(), errc::database_unavailable);
}

TEST(pool_time, one_deadline_covers_waiting_and_running) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(work_class::request, seconds{10}), b = r.submit(work_class::request, seconds{10});
  const auto deadline = r.now + seconds{10};
  r.open_all();
  r.advance(seconds{7});
  r.finish(a);
  EXPECT_EQ(r.running.begin()->second.deadline, deadline);
  r.begin(r.slot_of(b));
  r.run_for(seconds{3});
  EXPECT_EQ(b->code(), errc::query_timeout);
}

TEST(pool_time, slot_of_a_late_query_is_counted_until_the_server_is_done) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(work_class::request, seconds{1});
  r.open_all();
  const auto slot = r.slot_of(a);
  r.begin(slot);
  r.run_for(seconds{1});
  ASSERT_TRUE(r.cancels.contains(slot));
  const auto b = r.submit();
  EXPECT_EQ(r.at().leased, 1u);
  EXPECT_TRUE(r.opening.empty());
  r.finish(slot);
  EXPECT_FALSE(r.runs(b)) << "the cancel could still hit b";
  r.cancel_sent(slot);
  EXPECT_TRUE(r.runs(b));
  EXPECT_EQ(r.violations, std::vector<std::string>{});
}

TEST(pool_time, thousand_cancels_never_open_more_connections) {
  rig r{rig::lazy(4, 2)};
  std::size_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto a = r.submit();
    if (!r.opening.empty()) r.open_all();
    r.cancel(a);
    EXPECT_EQ(a->code(), errc::cancelled);
    most = std::max(most, r.counted());
    if (i % 7 == 0 && !r.running.empty()) {
      const auto slot = r.running.begin()->first;
      r.finish(slot);
      if (r.cancels.contains(slot)) r.cancel_sent(slot);
    }
  }
  EXPECT_LE(most, 6u);
}

TEST(pool_time, query_that_survives_its_cancel_is_hung_up_on) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(work_class::request, seconds{1});
  r.open_all();
  const auto slot = r.slot_of(a);
  r.run_for(seconds{1});
  r.cancel_sent(slot);
  r.run_for(milliseconds{4'999});
  EXPECT_TRUE(r.aborted.empty());
  r.run_for(milliseconds{1});
  EXPECT_EQ(r.aborted, std::vector{slot});
  r.cancel_sent(slot);
  r.finish(slot, {.broken = true});
  r.close_all();
  EXPECT_EQ(r.counted(), 0u);
}

/// PostgreSQL forgets a cancel that comes between BEGIN and the first statement.
TEST(pool_time, cancel_is_repeated_until_the_run_ends) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.open_all();
  const auto slot = r.slot_of(a);
  r.cancel(a);
  int sent = 0;
  for (int i = 0; i < 40; ++i) {
    if (r.cancels.contains(slot)) r.cancel_sent(slot), ++sent;
    r.run_for(milliseconds{100});
  }
  EXPECT_EQ(sent, 6);  // at once, then after 100, 300, 700, 1,500 and 3,100 ms
  EXPECT_TRUE(r.aborted.empty());
  r.finish(slot);
  EXPECT_EQ(r.at().idle, 1u);
  r.run_for(seconds{60});
  EXPECT_FALSE(r.cancels.contains(slot));
  EXPECT_TRUE(r.aborted.empty());
}

TEST(pool_time, cancelled_run_answers_at_once_and_stops_on_the_server) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.open_all();
  const auto slot = r.slot_of(a);
  r.cancel(a);
  EXPECT_EQ(a->code(), errc::cancelled);
  EXPECT_TRUE(r.cancels.contains(slot));
  r.cancel(a);
  EXPECT_EQ(a->answers, 1);
}

TEST(pool_time, broken_connection_waits_for_its_cancel_before_it_is_forgotten) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.open_all();
  const auto slot = r.slot_of(a);
  r.cancel(a);
  r.finish(slot, {.broken = true});
  r.closed(slot);
  EXPECT_EQ(r.counted(), 1u);
  r.cancel_sent(slot);
  EXPECT_EQ(r.counted(), 0u);
}

TEST(pool_time, idle_connection_is_pinged_only_after_a_while) {
  rig r{rig::lazy(1)};
  r.submit();
  r.open_all();
  r.finish(r.running.begin()->first);
  r.advance(seconds{1});
  r.submit();
  EXPECT_FALSE(r.running.begin()->second.ping);
  r.finish(r.running.begin()->first);
  r.advance(milliseconds{1'001});
  r.submit();
  EXPECT_TRUE(r.running.begin()->second.ping);
}

TEST(pool_time, no_ping_when_switched_off) {
  auto s = rig::lazy(1);
  s.pre_ping = false;
  rig r{s};
  r.submit();
  r.open_all();
  r.finish(r.running.begin()->first);
  r.advance(seconds{60});
  r.submit();
  EXPECT_FALSE(r.running.begin()->second.ping);
}

TEST(pool_time, failed_ping_condemns_the_generation_and_the_work_goes_elsewhere) {
  rig r{rig::lazy(3)};
  const auto a = r.submit(), b = r.submit();
  r.open_all();
  r.finish(a);
  r.finish(b);
  r.advance(seconds{5});
  const auto c = r.submit();
  const auto d = r.submit();
  r.finish(c, {.ping_failed = true});
  EXPECT_FALSE(c->answer);
  EXPECT_EQ(r.at().idle, 0u);
  r.close_all();
  r.open_all();
  EXPECT_TRUE(r.runs(c));
  EXPECT_TRUE(r.runs(d));
}

TEST(pool_time, ping_without_an_answer_ends_at_the_deadline_as_unavailable) {
  rig r{rig::lazy(1)};
  r.submit();
  r.open_all();
  r.finish(r.running.begin()->first);
  r.advance(seconds{5});
  const auto a = r.submit(work_class::request, milliseconds{500});
  r.run_for(milliseconds{500});
  EXPECT_EQ(a->code(), errc::database_unavailable);
}

TEST(pool_time, idle_connection_is_recycled_at_its_age_with_jitter) {
  auto s = rig::lazy(1);
  s.pre_ping = false;
  s.idle_timeout = milliseconds{0};
  rig r{s};
  r.luck = 0.0;  // 3600 s − 10 %
  r.submit();
  r.open_all();
  const auto old = r.running.begin()->first;
  r.finish(old);
  r.run_for(seconds{3'239});
  EXPECT_EQ(r.slot_of(r.submit()), old);
  r.finish(old);
  EXPECT_TRUE(r.closing.empty());
  r.run_for(seconds{1});  // nobody asks for it
  EXPECT_EQ(r.closing, std::vector{old});
  EXPECT_EQ(count_closed(r, close_reason::lifetime), 1u);
  const auto a = r.submit();
  r.close_all();
  r.open_all();
  EXPECT_TRUE(r.runs(a));
}

TEST(pool_time, connection_in_use_is_recycled_when_it_comes_back) {
  auto s = rig::lazy(1);
  s.recycle = seconds{10};
  s.timeout = seconds{60};
  rig r{s};
  const auto a = r.submit(work_class::request, seconds{60});
  r.open_all();
  const auto old = r.slot_of(a);
  r.run_for(seconds{20});
  EXPECT_TRUE(r.runs(a));
  EXPECT_TRUE(r.closing.empty());
  r.finish(a);
  EXPECT_EQ(r.closing, std::vector{old});
  EXPECT_EQ(count_closed(r, close_reason::lifetime), 1u);
}

TEST(pool_time, shorter_recycle_takes_effect_on_what_is_open) {
  auto s = rig::lazy(1);
  s.idle_timeout = milliseconds{0};
  rig r{s};
  r.submit();
  r.open_all();
  r.finish(r.running.begin()->first);
  r.run_for(seconds{100});
  s.recycle = seconds{60};
  ASSERT_TRUE(r.pool.configure(s, r.now));
  r.pump();
  EXPECT_EQ(r.closing.size(), 1u);
}

TEST(pool_time, idle_connections_close_down_to_the_warm_ones) {
  auto s = rig::lazy(4);
  s.warm_up = 1;
  s.idle_timeout = seconds{60};
  rig r{s};
  std::vector<asked_ptr> all;
  for (int i = 0; i < 4; ++i) all.push_back(r.submit());
  r.open_all();
  for (const auto& a : all) r.finish(a);
  r.run_for(seconds{59});
  EXPECT_EQ(r.at().idle, 4u);
  r.run_for(seconds{1});
  EXPECT_EQ(r.at().idle, 1u);
  EXPECT_EQ(count_closed(r, close_reason::idle), 3u);
}

TEST(pool_time, nothing_to_wake_up_for_when_nothing_is_under_way) {
  auto s = rig::lazy(2);
  s.idle_timeout = milliseconds{0};
  s.recycle = seconds{0};
  rig r{s};
  EXPECT_FALSE(r.pool.next_wakeup());
  r.submit();
  r.open_all();
  r.finish(r.running.begin()->first);
  EXPECT_FALSE(r.pool.next_wakeup());
}

}  // namespace
}  // namespace quorate::tests
