// SPDX-License-Identifier: MIT
#include "consensus/finality.hpp"

#include <gtest/gtest.h>

namespace quorate::consensus {
namespace {

using namespace std::chrono_literals;

TEST(finality, the_window_shrinks_with_each_failed_appeal) {
  // docs/spec/consensus.md §6.7
  const finality_rules rules{1800s, 0.2};
  const double expected[] = {1800, 1440, 1152, 921.6, 737.28};
  for (std::int32_t failed = 0; failed < 5; ++failed)
    EXPECT_NEAR(effective_window(rules, failed), expected[failed], 1e-9) << failed;
}

TEST(finality, rules_out_of_range_count_as_their_nearest_bound) {
  EXPECT_EQ(effective_window({-5s, 0.2}, 0), 0);
  EXPECT_EQ(effective_window({100s, -1}, 3), 100);
  EXPECT_EQ(effective_window({100s, 7}, 1), 0);
  EXPECT_EQ(effective_window({100s, 1}, 0), 100);  // 0^0: nothing failed, nothing is taken off
  EXPECT_EQ(effective_window({100s, 0.5}, -2), 100);
}

TEST(finality, the_window_is_over_only_when_strictly_more_has_passed) {
  const finality_rules rules{30s, 0.2};
  EXPECT_FALSE(window_over(rules, {1000, 0, 0}, 1030));
  EXPECT_TRUE(window_over(rules, {1000, 0, 0}, 1031));
  EXPECT_FALSE(window_over(rules, {1000, 5, 0}, 1035));
  EXPECT_TRUE(window_over(rules, {1000, 5, 0}, 1036));
  EXPECT_FALSE(window_over(rules, {1000, 0, 1}, 1024));  // 30 × 0.8 = 24
  EXPECT_TRUE(window_over(rules, {1000, 0, 1}, 1025));
  EXPECT_FALSE(window_over({0s, 0.2}, {1000, 0, 0}, 1000));
  EXPECT_TRUE(window_over({0s, 0.2}, {1000, 0, 0}, 1001));
}

TEST(finality, a_row_is_due_at_the_first_second_its_window_is_over) {
  for (const std::int64_t window : {0, 1, 7, 30, 1800})
    for (std::int32_t failed = 0; failed < 6; ++failed)
      for (const std::int64_t appeals : {0, 13}) {
        const finality_rules rules{std::chrono::seconds{window}, 0.2};
        const awaiting row{1'700'000'000, appeals, failed};
        const auto due = due_at(rules, row);
        EXPECT_TRUE(window_over(rules, row, due)) << window << ' ' << failed;
        EXPECT_FALSE(window_over(rules, row, due - 1)) << window << ' ' << failed;
      }
}

TEST(finality, leader_modes_skip_the_window) {
  EXPECT_TRUE(waits_for_window("NORMAL"));
  EXPECT_TRUE(waits_for_window(""));
  EXPECT_FALSE(waits_for_window("LEADER_ONLY"));
  EXPECT_FALSE(waits_for_window("LEADER_SELF_VALIDATOR"));
}

}  // namespace
}  // namespace quorate::consensus
