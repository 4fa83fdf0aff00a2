// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/actors/pool/rig.hpp"

/// Connections that cannot be made, and those that die (docs/design.md §3).
namespace quorate::tests {
namespace {

TEST(pool_failure, failed_connect_wakes_the_next_attempt) {
  // A lost wake-up here would leave the second waiter to its full time-out although a place is free.
  rig r{rig::lazy(1)};
  const auto one = r.submit(), two = r.submit();
  r.fail_next();
  r.run_for(milliseconds{100});
  ASSERT_FALSE(r.opening.empty());
  r.open_all();
  EXPECT_TRUE(r.runs(one));
  r.finish(one);
  EXPECT_TRUE(r.runs(two));
}

TEST(pool_failure, breaker_answers_every_waiter_in_the_same_step) {
  auto s = rig::lazy(5);
  s.connect_concurrency = 1;
  rig r{s};
  std::vector<asked_ptr> all;
  for (int i = 0; i < 50; ++i) all.push_back(r.submit(i % 2 ? work_class::consensus : work_class::request));
  r.fail_next(), r.run_for(milliseconds{50});
  r.fail_next(), r.run_for(milliseconds{50});
  for (const auto& a : all) EXPECT_FALSE(a->answer);
  r.fail_next("no route to host");
  for (const auto& a : all) {
    ASSERT_EQ(a->code(), errc::database_unavailable);
    EXPECT_EQ(a->answer->error().data, R"({"retry_after_s":1})");
    EXPECT_EQ(a->answer->error().detail, "no route to host");
  }
  EXPECT_EQ(r.at().breaker, "open");
  EXPECT_EQ(r.submit()->code(), errc::database_unavailable);  // and so is every newcomer, at once
}

TEST(pool_failure, breaker_probes_by_itself_and_closes_on_success) {
  auto s = rig::lazy(5);
  s.connect_concurrency = 1;
  rig r{s};
  r.submit();
  for (int i = 0; i < 3; ++i) r.fail_next(), r.run_for(milliseconds{i < 2 ? 50 : 0});
  ASSERT_EQ(r.at().breaker, "open");
  r.run_for(seconds{1});  // nobody asks
  ASSERT_FALSE(r.opening.empty());
  EXPECT_EQ(r.at().breaker, "half_open");
  EXPECT_EQ(r.submit()->code(), errc::database_unavailable);
  r.open_next();
  EXPECT_EQ(r.at().breaker, "closed");
  EXPECT_TRUE(r.runs(r.submit()));
}

TEST(pool_failure, probe_that_hangs_does_not_hold_up_the_next) {
  auto s = rig::lazy(5);
  s.breaker_failures = 1;
  rig r{s};
  r.submit();
  r.fail_next();
  r.run_for(seconds{1});
  EXPECT_EQ(r.opening.size(), 1u);
  r.run_for(milliseconds{1100});
  EXPECT_GE(r.opening.size(), 2u);
}

/// A host that is gone swallows every handshake: each attempt lasts its whole connect_timeout.
TEST(pool_failure, probes_go_out_every_second_however_many_hang) {
  for (const std::size_t concurrency : {1u, 4u}) {
    auto s = rig::lazy(20, 30);
    s.connect_concurrency = concurrency;
    rig r{s};
    r.submit();
    std::map<slot_id, time_point> begun;
    auto last = r.now;
    duration longest{};
    std::size_t seen = 0, most = 0;
    const auto began = r.now;
    while (r.now - began < seconds{60}) {
      for (const auto id : r.opening)
        if (begun.emplace(id, r.now).second && r.at().breaker != "closed") {
          if (seen++ > 0) longest = std::max(longest, r.now - last);
          last = r.now;
        }
      most = std::max(most, r.opening.size());
      while (!r.opening.empty() && r.now - begun.at(r.opening.front()) >= s.connect_timeout) r.fail_next("timeout");
      r.run_for(milliseconds{10});
    }
    EXPECT_GT(seen, 30u);
    EXPECT_LE(longest, milliseconds{1'010}) << "concurrency " << concurrency;
    EXPECT_LE(most, 15u);
  }
}

TEST(pool_failure, no_stampede_while_the_database_is_away) {
  rig r;  // 20 + 30
  for (int i = 0; i < 500; ++i) r.submit();
  const auto begun = r.now;
  r.luck = 0.0;  // the shortest pauses there are
  std::size_t in_second = 0, before = r.attempts;
  while (r.now - begun < seconds{30}) {
    while (!r.opening.empty()) r.fail_next();
    r.submit();
    r.luck = r.luck == 0.0 ? 0.5 : 0.0;
    r.run_for(milliseconds{5});
    if ((r.now - begun) % seconds{1} < milliseconds{5}) {
      in_second = std::max(in_second, r.attempts - before);
      before = r.attempts;
    }
  }
  EXPECT_LE(in_second, 20u);
  EXPECT_GE(r.attempts, 30u);  // and it does go on trying
}

TEST(pool_failure, server_without_room_is_not_taken_for_dead) {
  rig r{rig::lazy(3)};
  const auto a = r.submit();
  r.open_all();
  const auto b = r.submit(), c = r.submit();
  for (int i = 0; i < 4; ++i) {
    while (!r.opening.empty()) r.fail_next("sorry, too many clients already");
    r.run_for(milliseconds{100});
  }
  EXPECT_NE(r.at().breaker, "closed");
  EXPECT_FALSE(b->answer);
  r.finish(a);
  EXPECT_TRUE(r.runs(b));
  r.finish(b);
  r.finish(c);
  EXPECT_TRUE(c->ok());
}

TEST(pool_failure, breaker_closes_when_what_there_is_serves_everybody) {
  rig r{rig::lazy(3)};
  const auto a = r.submit();
  r.open_all();
  const auto b = r.submit();
  while (r.at().breaker == "closed") {
    while (!r.opening.empty()) r.fail_next("sorry, too many clients already");
    r.run_for(milliseconds{50});
  }
  r.finish(a, {.served = true});
  EXPECT_NE(r.at().breaker, "closed");  // b waited, and has its place now
  r.finish(b, {.served = true});
  EXPECT_EQ(r.at().breaker, "closed");
  while (!r.opening.empty()) r.fail_next("sorry, too many clients already");
  const auto attempts = r.attempts;
  r.run_for(seconds{60});
  EXPECT_EQ(r.attempts, attempts) << "knocks on, though nobody waits";
}

TEST(pool_failure, work_that_hangs_is_no_sign_of_life) {
  rig r{rig::lazy(2)};
  const auto hangs = r.submit();
  r.open_all();
  r.begin(r.slot_of(hangs));
  const auto waits = r.submit();
  while (r.at().breaker == "closed") {
    while (!r.opening.empty()) r.fail_next();
    r.run_for(milliseconds{50});
  }
  EXPECT_FALSE(waits->answer);
  r.run_for(seconds{6});
  EXPECT_EQ(waits->code(), errc::database_unavailable);
  EXPECT_FALSE(hangs->answer);
}

TEST(pool_failure, broken_connection_is_destroyed_never_reused) {
  rig r{rig::lazy(2)};
  const auto a = r.submit();
  r.open_all();
  const auto dead = r.slot_of(a);
  r.finish(a, {.broken = true});
  EXPECT_EQ(r.closing, std::vector{dead});
  const auto b = r.submit();
  r.open_all();
  EXPECT_NE(r.slot_of(b), dead);
  EXPECT_EQ(count_closed(r, close_reason::broken), 1u);
}

TEST(pool_failure, closing_connections_count_until_they_are_gone) {
  rig r{rig::lazy(1)};
  const auto a = r.submit();
  r.open_all();
  r.finish(a, {.broken = true});
  const auto b = r.submit();
  EXPECT_TRUE(r.opening.empty());
  EXPECT_EQ(r.counted(), 1u);
  r.close_all();
  r.open_all();
  EXPECT_TRUE(r.runs(b));
}

TEST(pool_failure, disconnect_marks_the_older_generation_stale) {
  rig r{rig::lazy(3)};
  const auto a = r.submit(), b = r.submit(), c = r.submit();
  r.open_all();
  r.finish(c);
  const auto before = r.at().generation;
  r.finish(a, {.broken = true, .server_gone = true});
  EXPECT_EQ(r.at().generation, before + 1);
  EXPECT_EQ(r.at().idle, 0u);  // c's went at once
  r.finish(b);                 // b's when it came back
  EXPECT_EQ(count_closed(r, close_reason::evicted), 2u);
  r.close_all();
  EXPECT_EQ(r.counted(), 0u);
}

TEST(pool_failure, stragglers_of_an_old_generation_do_not_condemn_the_new_one) {
  rig r{rig::lazy(3)};
  const auto a = r.submit(), b = r.submit();
  r.open_all();
  r.finish(a, {.broken = true, .server_gone = true});
  r.close_all();
  const auto c = r.submit();
  r.open_all();
  r.finish(c);
  const auto generation = r.at().generation;
  r.finish(b, {.broken = true, .server_gone = true});
  EXPECT_EQ(r.at().generation, generation);
  EXPECT_EQ(r.at().idle, 1u);
}

TEST(pool_failure, read_whose_connection_breaks_runs_once_more_elsewhere) {
  rig r{rig::lazy(2)};
  const auto a = r.submit(work_class::request, seconds{30}, db::access::single_statement);
  r.open_all();
  EXPECT_TRUE(r.running.begin()->second.may_repeat);
  r.finish(a, {.broken = true, .server_gone = true, .unanswered = true});
  EXPECT_FALSE(a->answer);
  r.open_all();
  ASSERT_TRUE(r.runs(a));
  EXPECT_FALSE(r.running.begin()->second.may_repeat);
}

TEST(pool_failure, write_is_never_repeated) {
  rig r{rig::lazy(1)};
  r.submit(work_class::request, seconds{30}, db::access::read_write);
  r.open_all();
  EXPECT_FALSE(r.running.begin()->second.may_repeat);
}

TEST(pool_failure, dead_keeper_answers_its_requester_and_frees_its_place) {
  rig r{rig::lazy(1)};
  const auto a = r.submit(), b = r.submit();
  r.open_all();
  const auto slot = r.slot_of(a);
  r.running.erase(slot);
  r.closed(slot);
  EXPECT_EQ(a->code(), errc::database_unavailable);
  r.closing.clear();
  r.open_all();
  EXPECT_TRUE(r.runs(b));
}

TEST(pool_failure, dead_keeper_is_counted_once_whoever_held_its_connection) {
  for (const bool leased : {false, true}) {
    rig r{rig::lazy(1)};
    if (leased)
      r.lease(7);
    else
      r.submit();
    r.open_all();
    const auto slot = leased ? slot_id{1} : r.running.begin()->first;
    r.running.clear();
    r.closed(slot);
    EXPECT_EQ(count_closed(r, close_reason::broken), 1u);
    EXPECT_EQ(r.counted(), 0u);
  }
}

TEST(pool_failure, pool_drained_to_zero_fills_again) {
  auto s = rig::lazy(5);
  s.warm_up = 2;
  rig r{s};
  r.open_all();
  EXPECT_EQ(r.at().idle, 2u);
  r.pool.evict(r.now), r.pump();
  r.close_all();
  r.open_all();
  EXPECT_EQ(r.at().idle, 2u);
}

}  // namespace
}  // namespace quorate::tests
