// SPDX-License-Identifier: MIT
#include "engine/python/determinism/world.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::python {
namespace {

TEST(world, datetimes_are_read_with_fractions_and_offsets) {
  const auto plain = parse_datetime("2024-11-26T06:42:42.424242Z");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->tv_sec, 1'732'603'362);
  EXPECT_EQ(plain->tv_nsec, 424'242'000);
  EXPECT_EQ(parse_datetime("2024-11-26T06:42:42")->tv_sec, plain->tv_sec);
  EXPECT_EQ(parse_datetime("2024-11-26 08:42:42+02:00")->tv_sec, plain->tv_sec);
  EXPECT_EQ(parse_datetime("2024-11-26T01:12:42-0530")->tv_sec, plain->tv_sec);
  EXPECT_EQ(parse_datetime("1969-12-31T23:59:59.5Z")->tv_sec, -1);
}

TEST(world, other_texts_are_no_datetimes) {
  for (const char* text :
       {"", "now", "2024-11-26", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-11-26T24:00:00Z",
        "2024-11-26T06:42:42Zx", "2024-11-26T06:42:42+2", "2024-11-26T06:4", "20241126T064242Z"}) {
    EXPECT_FALSE(parse_datetime(text)) << text;
  }
}

TEST(world, entropy_follows_from_its_seed) {
  chain::bytes first(100), second(100), whole(100);
  EXPECT_FALSE(fill_entropy(first));
  seed_entropy(chain::sha3_256({}));
  ASSERT_TRUE(fill_entropy(first));
  ASSERT_TRUE(fill_entropy(second));
  EXPECT_NE(first, second);
  seed_entropy(chain::sha3_256({}));
  ASSERT_TRUE(fill_entropy(whole));
  EXPECT_EQ(whole, first);
  release_entropy();
  EXPECT_FALSE(fill_entropy(whole));
}

}  // namespace
}  // namespace quorate::engine::python
