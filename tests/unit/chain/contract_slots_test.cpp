// SPDX-License-Identifier: MIT
#include "chain/contract_slots.hpp"

#include <gtest/gtest.h>

#include "chain/little_endian.hpp"

namespace quorate::chain {
namespace {

TEST(contract_slots, are_where_every_contract_has_them) {
  // sha3_256(root ‖ 1), (root ‖ 2), (root ‖ 3): docs/spec/genvm.md §3.1.
  EXPECT_EQ(to_hex(code_slot()), "e1ae23412792df6b6a98fb7c9839701fb8b02b6fc7ed022810f78346494685e7");
  EXPECT_EQ(to_hex(locked_slot()), "ba005630745acf3014aaf162e9933040302ca0bef3f56fe2d73c0a08f82c610b");
  EXPECT_EQ(to_hex(upgraders_slot()), "21b9e013f74608b92947861287b3de76c2c076fe839b7994761bd950cc2e7566");
}

TEST(contract_slots, hold_code_behind_its_length) {
  const bytes code{1, 2, 3};
  const auto content = code_slot_content(code);
  EXPECT_EQ(content, (bytes{3, 0, 0, 0, 1, 2, 3}));
  EXPECT_EQ(code_in_slot(content), code);
  auto padded = content;
  padded.resize(32);
  EXPECT_EQ(code_in_slot(padded), code);
  EXPECT_EQ(code_in_slot(bytes{0, 0, 0, 0}), bytes{});
  EXPECT_EQ(code_in_slot(bytes{0, 0, 0}), std::nullopt);
  EXPECT_EQ(code_in_slot(bytes{2, 0, 0, 0, 1}), std::nullopt);
  EXPECT_EQ(code_in_slot(bytes{0xff, 0xff, 0xff, 0xff, 1}), std::nullopt);
}

TEST(little_endian, numbers_come_back) {
  for (const std::uint64_t number : {0ull, 1ull, 0x0102030405060708ull, ~0ull}) {
    bytes out{9};
    append_little_endian(out, number, 8);
    ASSERT_EQ(out.size(), 9u);
    EXPECT_EQ(from_little_endian(bytes_view{out}.subspan(1)), number);
  }
  bytes out;
  append_little_endian(out, 0x010203, 2);
  EXPECT_EQ(out, (bytes{3, 2}));
  EXPECT_EQ(from_little_endian({}), 0u);
}

}  // namespace
}  // namespace quorate::chain
