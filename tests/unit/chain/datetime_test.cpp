// SPDX-License-Identifier: MIT
#include "chain/datetime.hpp"

#include <gtest/gtest.h>

namespace quorate::chain {
namespace {

TEST(datetime, texts_are_read_with_fractions_and_offsets) {
  const auto plain = parse_datetime("2024-11-26T06:42:42.424242Z");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->seconds, 1'732'603'362);
  EXPECT_EQ(plain->nanoseconds, 424'242'000);
  EXPECT_EQ(parse_datetime("2024-11-26T06:42:42")->seconds, plain->seconds);
  EXPECT_EQ(parse_datetime("2024-11-26 08:42:42+02:00")->seconds, plain->seconds);
  EXPECT_EQ(parse_datetime("2024-11-26T01:12:42-0530")->seconds, plain->seconds);
  EXPECT_EQ(parse_datetime("1969-12-31T23:59:59.5Z")->seconds, -1);
}

TEST(datetime, other_texts_are_none) {
  for (const char* text :
       {"", "now", "2024-11-26", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-11-26T24:00:00Z",
        "2024-11-26T06:42:42Zx", "2024-11-26T06:42:42+2", "2024-11-26T06:4", "20241126T064242Z"}) {
    EXPECT_FALSE(parse_datetime(text)) << text;
  }
}

TEST(datetime, what_is_written_is_read) {
  const auto time = std::chrono::system_clock::time_point{std::chrono::microseconds{1'732'603'362'424'242}};
  EXPECT_EQ(format_datetime(time), "2024-11-26T06:42:42.424242Z");
  EXPECT_EQ(parse_datetime(format_datetime(time)), (instant{1'732'603'362, 424'242'000}));
}

}  // namespace
}  // namespace quorate::chain
