// SPDX-License-Identifier: MIT
#include "chain/hex.hpp"

#include <gtest/gtest.h>

#include <random>

namespace quorate::chain {
namespace {

TEST(hex, round_trip) {
  std::mt19937_64 random{7};
  for (std::size_t size = 0; size < 200; ++size) {
    bytes data(size);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
    EXPECT_EQ(from_hex(to_hex(data)), data);
    EXPECT_EQ(from_hex(to_hex_0x(data)), data);
  }
}

TEST(hex, takes_both_prefixes_and_both_cases) {
  const bytes expected{0xab, 0xcd};
  for (const char* text : {"abcd", "ABCD", "0xaBcD", "0XAbCd"}) EXPECT_EQ(from_hex(text), expected) << text;
  EXPECT_EQ(from_hex(""), bytes{});
  EXPECT_EQ(from_hex("0x"), bytes{});
}

TEST(hex, refuses_what_is_no_hex) {
  for (const char* text : {"0xg0", "zz", "0x0x00", " ab", "ab ", "x", "0xabc", "+a"})
    EXPECT_FALSE(from_hex(text)) << text;
}

TEST(hex, an_odd_number_of_digits_is_padded_only_on_request) {
  EXPECT_FALSE(from_hex("0xabc"));
  EXPECT_EQ(from_hex("0xabc", odd_digits::pad_left), (bytes{0x0a, 0xbc}));
  EXPECT_EQ(from_hex("f", odd_digits::pad_left), bytes{0x0f});
}

}  // namespace
}  // namespace quorate::chain
