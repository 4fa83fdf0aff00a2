// SPDX-License-Identifier: MIT
#include "chain/u256.hpp"

#include <gtest/gtest.h>

#include <random>

namespace quorate::chain {
namespace {

TEST(u256, quantities_are_minimal_lower_case_hex) {
  EXPECT_EQ(to_hex_quantity(std::uint64_t{0}), "0x0");
  EXPECT_EQ(to_hex_quantity(std::uint64_t{27}), "0x1b");
  EXPECT_EQ(to_hex_quantity(~std::uint64_t{0}), "0xffffffffffffffff");
  EXPECT_EQ(to_hex_quantity(integer{"1000000000000000000000"}), "0x3635c9adc5dea00000");
  EXPECT_EQ(to_hex_quantity(integer{-27}), "-0x1b");
}

TEST(u256, decimals_are_never_read_as_octal) {
  EXPECT_EQ(parse_decimal("0777"), integer{777});
  EXPECT_EQ(parse_decimal("-0010"), integer{-10});
  EXPECT_EQ(parse_decimal("000"), integer{0});
}

TEST(u256, refuses_every_other_spelling) {
  for (const char* text : {"", "-", "+1", "1.0", " 1", "1 ", "0x10", "1e3", "--1", "1_000"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
  for (const char* text : {"", "0x", "0X1", "10", "0xg", "-0x1", "0x 1"})
    EXPECT_FALSE(parse_hex_quantity(text)) << text;
}

TEST(u256, texts_beyond_the_digit_limit_are_refused) {
  EXPECT_TRUE(parse_decimal(std::string(max_integer_digits, '9')));
  EXPECT_FALSE(parse_decimal(std::string(max_integer_digits + 1, '9')));
  EXPECT_FALSE(parse_hex_quantity("0x" + std::string(max_integer_digits + 1, 'f')));
}

TEST(u256, round_trips_over_random_numbers) {
  std::mt19937_64 random{11};
  for (int round = 0; round < 1000; ++round) {
    integer value = 0;
    for (std::uint64_t words = random() % 6; words-- > 0;) value = (value << 64) + random();
    EXPECT_EQ(parse_hex_quantity(to_hex_quantity(value)), value);
    EXPECT_EQ(parse_decimal(to_decimal(value)), value);
    EXPECT_EQ(parse_decimal(to_decimal(-value)), -value);
  }
}

}  // namespace
}  // namespace quorate::chain
