// SPDX-License-Identifier: MIT
#include "actors/log_budget.hpp"

#include <gtest/gtest.h>

namespace quorate::tests {
namespace {

using actors::log_budget;
using namespace std::chrono_literals;

int taken(log_budget& budget, std::size_t sockets, actors::time_point now) {
  int n = 0;
  while (budget.take(sockets, now)) ++n;
  return n;
}

TEST(log_budget, a_second_s_worth_at_once_and_as_much_each_second) {
  log_budget budget{1'000, 10};
  actors::time_point now{1h};
  EXPECT_EQ(taken(budget, 1, now), 100);
  EXPECT_EQ(taken(budget, 1, now + 250ms), 25);
  EXPECT_EQ(taken(budget, 1, now + 1250ms), 100);
}

TEST(log_budget, a_message_costs_as_much_as_it_is_sent_to) {
  log_budget budget{1'000, 10};
  actors::time_point now{1h};
  EXPECT_EQ(taken(budget, 250, now), 4);
  EXPECT_EQ(taken(budget, 250, now + 100ms), 0);
  EXPECT_EQ(taken(budget, 250, now + 250ms), 1);
}

TEST(log_budget, what_is_not_used_is_not_saved_up) {
  log_budget budget{1'000, 10};
  actors::time_point now{1h};
  EXPECT_EQ(taken(budget, 1, now), 100);
  EXPECT_EQ(taken(budget, 1, now + 1h), 100);
}

/// More sockets than messages per second: everybody still hears one a second.
TEST(log_budget, nothing_is_dearer_than_a_second) {
  log_budget budget{1'000, 10};
  actors::time_point now{1h};
  EXPECT_EQ(taken(budget, 50'000, now), 1);
  EXPECT_EQ(taken(budget, 50'000, now + 999ms), 0);
  EXPECT_EQ(taken(budget, 50'000, now + 1s), 1);
}

}  // namespace
}  // namespace quorate::tests
