// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/actors/pool/rig.hpp"

namespace quorate::tests {
namespace {

TEST(pool_queue, first_come_first_served_inside_a_class) {
  rig r{rig::lazy(1)};
  std::vector<asked_ptr> all;
  for (int i = 0; i < 5; ++i) all.push_back(r.submit());
  r.open_all();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(r.runs(all[i])) << i;
    r.finish(all[i]);
  }
  for (const auto& a : all) EXPECT_TRUE(a->ok());
}

TEST(pool_queue, newcomer_never_overtakes_a_waiter) {
  rig r{rig::lazy(1)};
  const auto first = r.submit();
  r.open_all();
  const auto waiter = r.submit();
  // The connection comes back and a newcomer asks in the same moment.
  r.finish(first);
  const auto newcomer = r.submit();
  EXPECT_TRUE(r.runs(waiter));
  EXPECT_FALSE(r.runs(newcomer));
}

TEST(pool_queue, better_classes_go_first) {
  rig r{rig::lazy(1)};
  const auto busy = r.submit();
  r.open_all();
  const auto background = r.submit(work_class::background);
  const auto consensus = r.submit(work_class::consensus);
  const auto request = r.submit(work_class::request);
  r.finish(busy);
  EXPECT_TRUE(r.runs(request));
  r.finish(request);
  EXPECT_TRUE(r.runs(consensus));
  r.finish(consensus);
  EXPECT_TRUE(r.runs(background));
}

TEST(pool_queue, ageing_brings_a_starved_class_to_its_turn) {
  rig r{rig::lazy(1)};
  const auto busy = r.submit();
  r.open_all();
  const auto background = r.submit(work_class::background);
  r.advance(seconds{2});
  const auto request = r.submit(work_class::request);
  r.finish(busy);
  EXPECT_TRUE(r.runs(background));
  EXPECT_FALSE(r.runs(request));
}

TEST(pool_queue, requests_leave_the_reserved_connections_alone) {
  auto s = rig::lazy(6);
  s.reserved_consensus = 2;
  s.reserved_background = 1;
  rig r{s};
  std::vector<asked_ptr> requests;
  for (int i = 0; i < 6; ++i) requests.push_back(r.submit());
  while (!r.opening.empty()) r.open_next();
  EXPECT_EQ(r.running.size(), 3u);
  const auto consensus = r.submit(work_class::consensus);
  const auto background = r.submit(work_class::background);
  const auto second = r.submit(work_class::consensus);
  r.open_all();
  EXPECT_TRUE(r.runs(consensus));
  EXPECT_TRUE(r.runs(background));
  EXPECT_TRUE(r.runs(second));
  EXPECT_EQ(r.at().waiting[0], 3u);
}

TEST(pool_queue, small_pool_still_serves_requests_beside_reserves) {
  auto s = rig::lazy(1);
  s.reserved_consensus = 2;
  s.reserved_background = 1;
  rig r{s};
  const auto a = r.submit();
  r.open_all();
  EXPECT_TRUE(r.runs(a));
}

TEST(pool_queue, too_many_waiters_are_refused_at_once) {
  auto s = rig::lazy(1);
  s.max_waiters = 2;
  rig r{s};
  const auto busy = r.submit();
  r.open_all();
  const auto one = r.submit(), two = r.submit(), three = r.submit();
  EXPECT_EQ(three->code(), errc::pool_exhausted);
  EXPECT_FALSE(one->answer || two->answer);
  // Another class has its own room: a flood of requests does not silence the loops.
  EXPECT_FALSE(r.submit(work_class::consensus)->answer);
  EXPECT_NE(three->answer->error().data.find(R"("size":1,"max_overflow":0,"leased":1)"), std::string::npos);
}

TEST(pool_queue, last_used_connection_is_used_first) {
  rig r{rig::lazy(3)};
  const auto a = r.submit(), b = r.submit(), c = r.submit();
  r.open_all();
  const auto first = r.slot_of(a), second = r.slot_of(b);
  r.finish(a);
  r.finish(c);
  r.finish(b);
  EXPECT_EQ(r.slot_of(r.submit()), second);
  EXPECT_NE(first, second);
}

TEST(pool_queue, overflow_connections_close_when_they_come_back_idle) {
  rig r{rig::lazy(2, 1)};
  const auto a = r.submit(), b = r.submit(), c = r.submit();
  r.open_all();
  EXPECT_EQ(r.at().leased, 3u);
  EXPECT_EQ(count_notes(r, note::kind::overflow), 1u);
  r.finish(a);
  r.finish(b);
  EXPECT_TRUE(r.closing.empty());  // as QueuePool: the idle list holds up to `size`
  r.finish(c);
  EXPECT_EQ(r.closing.size(), 1u);
  EXPECT_EQ(count_closed(r, close_reason::overflow), 1u);
  r.close_all();
  EXPECT_EQ(r.at().idle, 2u);
  EXPECT_EQ(r.at().open, 2u);
}

TEST(pool_queue, never_more_connections_than_size_and_overflow) {
  rig r{rig::lazy(2, 3)};
  for (int i = 0; i < 20; ++i) r.submit();
  while (!r.opening.empty()) r.open_next();
  EXPECT_EQ(r.at().leased, 5u);
  EXPECT_EQ(r.counted(), 5u);
  EXPECT_EQ(r.at().peak_leased, 5u);
}

TEST(pool_queue, no_more_attempts_at_once_than_allowed) {
  auto s = rig::lazy(20);
  s.connect_concurrency = 4;
  rig r{s};
  for (int i = 0; i < 20; ++i) r.submit();
  EXPECT_EQ(r.opening.size(), 4u);
  r.open_next();
  EXPECT_EQ(r.opening.size(), 4u);
}

TEST(pool_queue, cancelled_waiter_leaves_and_the_next_one_keeps_its_place) {
  rig r{rig::lazy(1)};
  const auto busy = r.submit();
  r.open_all();
  const auto one = r.submit(), two = r.submit();
  r.cancel(one);
  EXPECT_EQ(one->code(), errc::cancelled);
  r.finish(busy);
  EXPECT_TRUE(r.runs(two));
  EXPECT_EQ(r.violations, std::vector<std::string>{});
}

}  // namespace
}  // namespace quorate::tests
