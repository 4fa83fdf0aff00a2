// SPDX-License-Identifier: MIT
#include "actors/read_inbox.hpp"

#include <gtest/gtest.h>

namespace quorate::actors {
namespace {

using db::read_kind;
using namespace std::chrono_literals;

pending_read read(read_kind kind, std::string key, duration deadline = 1s) {
  return {kind, std::move(key), time_point{} + deadline, [](result<db::read_value>) {}};
}

/// The same limit for every kind.
per_kind each(std::size_t limit) {
  per_kind most;
  most.fill(limit);
  return most;
}

std::string keys(const read_batch& batch) {
  std::string out;
  for (const auto& one : batch.members) out += one.key;
  return out;
}

TEST(read_inbox, takes_the_kind_whose_oldest_read_waits_longest) {
  read_inbox inbox;
  inbox.put(read(read_kind::receipt, "a"));
  inbox.put(read(read_kind::balance, "b"));
  inbox.put(read(read_kind::receipt, "c"));
  read_batch batch;
  ASSERT_TRUE(inbox.take(batch, each(10)));
  EXPECT_EQ(batch.kind, read_kind::receipt);
  EXPECT_EQ(keys(batch), "ac");
  EXPECT_EQ(inbox.size(), 1u);
  ASSERT_TRUE(inbox.take(batch, each(10)));
  EXPECT_EQ(batch.kind, read_kind::balance);
  EXPECT_EQ(keys(batch), "b");
  EXPECT_FALSE(inbox.take(batch, each(10)));
}

TEST(read_inbox, no_kind_starves_behind_a_busy_one) {
  read_inbox inbox;
  for (int i = 0; i < 3; ++i) inbox.put(read(read_kind::balance, "b"));
  inbox.put(read(read_kind::receipt, "r"));
  for (int i = 0; i < 3; ++i) inbox.put(read(read_kind::balance, "B"));
  read_batch batch;
  ASSERT_TRUE(inbox.take(batch, each(3)));
  EXPECT_EQ(keys(batch), "bbb");
  ASSERT_TRUE(inbox.take(batch, each(3)));
  EXPECT_EQ(keys(batch), "r");
}

TEST(read_inbox, takes_no_more_than_the_limit_oldest_first) {
  read_inbox inbox;
  for (const auto* key : {"1", "2", "3"}) inbox.put(read(read_kind::balance, key));
  read_batch batch;
  ASSERT_TRUE(inbox.take(batch, each(2)));
  EXPECT_EQ(keys(batch), "12");
  EXPECT_EQ(inbox.size(), 1u);
}

TEST(read_inbox, passes_by_a_kind_that_may_have_none) {
  read_inbox inbox;
  inbox.put(read(read_kind::receipt, "r"));
  inbox.put(read(read_kind::balance, "b"));
  auto most = each(10);
  most[static_cast<std::size_t>(read_kind::receipt)] = 0;
  read_batch batch;
  ASSERT_TRUE(inbox.take(batch, most));
  EXPECT_EQ(keys(batch), "b");
  EXPECT_FALSE(inbox.take(batch, most));
  EXPECT_EQ(inbox.waiting(static_cast<std::size_t>(read_kind::receipt)), 1u);
}

TEST(read_inbox, removes_what_is_due_and_keeps_the_order_of_the_rest) {
  read_inbox inbox;
  inbox.put(read(read_kind::balance, "1", 5s));
  inbox.put(read(read_kind::balance, "2", 1s));
  inbox.put(read(read_kind::receipt, "3", 2s));
  inbox.put(read(read_kind::balance, "4", 9s));
  EXPECT_EQ(inbox.latest_deadline(), time_point{} + 9s);
  EXPECT_EQ(inbox.take_due(time_point{} + 2s).size(), 2u);
  EXPECT_EQ(inbox.size(), 2u);
  read_batch batch;
  ASSERT_TRUE(inbox.take(batch, each(10)));
  EXPECT_EQ(keys(batch), "14");
  EXPECT_EQ(inbox.latest_deadline(), time_point{});
}

}  // namespace
}  // namespace quorate::actors
