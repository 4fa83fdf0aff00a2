// SPDX-License-Identifier: MIT
#include "consensus/backoff.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace quorate::consensus {
namespace {

using namespace std::chrono_literals;

TEST(backoff, doubles_up_to_the_longest_wait) {
  const backoff b{50ms, 1s};
  EXPECT_EQ(b.delay(0), 0ms);
  EXPECT_EQ(b.delay(1), 50ms);
  EXPECT_EQ(b.delay(2), 100ms);
  EXPECT_EQ(b.delay(5), 800ms);
  EXPECT_EQ(b.delay(6), 1s);
  EXPECT_EQ(b.delay(std::numeric_limits<std::size_t>::max()), 1s);
}

TEST(backoff, never_waits_longer_than_the_longest_even_at_first) { EXPECT_EQ((backoff{5s, 2s}.delay(1)), 2s); }

TEST(backoff, doubling_does_not_overflow) {
  const backoff b{1ms, std::chrono::milliseconds::max()};
  EXPECT_EQ(b.delay(200), std::chrono::milliseconds::max());
}

}  // namespace
}  // namespace quorate::consensus
