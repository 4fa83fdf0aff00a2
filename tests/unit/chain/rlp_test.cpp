// SPDX-License-Identifier: MIT
#include "chain/rlp.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace quorate::chain {
namespace {

bytes raw(std::string_view hex) { return from_hex(hex).value(); }

// Expectations on which viem, ethers and pyrlp agree (docs/spec/encoding.md §8, rlp.json).
TEST(rlp, byte_strings) {
  EXPECT_EQ(to_hex(rlp_string("")), "80");
  EXPECT_EQ(to_hex(rlp_string(raw("00"))), "00");
  EXPECT_EQ(to_hex(rlp_string(raw("01"))), "01");
  EXPECT_EQ(to_hex(rlp_string(raw("7f"))), "7f");
  EXPECT_EQ(to_hex(rlp_string(raw("80"))), "8180");
  EXPECT_EQ(to_hex(rlp_string(raw("ff"))), "81ff");
  EXPECT_EQ(to_hex(rlp_string(raw("0400"))), "820400");
}

TEST(rlp, the_length_of_the_length_grows_at_56_256_and_65536_bytes) {
  const auto head = [](std::size_t size) { return to_hex(rlp_string(bytes(size, 0xbb))).substr(0, 10); };
  EXPECT_EQ(head(55), "b7bbbbbbbb");
  EXPECT_EQ(head(56), "b838bbbbbb");
  EXPECT_EQ(head(255), "b8ffbbbbbb");
  EXPECT_EQ(head(256), "b90100bbbb");
  EXPECT_EQ(head(65535), "b9ffffbbbb");
  EXPECT_EQ(head(65536), "ba010000bb");
  EXPECT_EQ(rlp_string(bytes(65536, 0xbb)).size(), 65536u + 4);
}

TEST(rlp, lists) {
  EXPECT_EQ(to_hex(rlp_list({})), "c0");
  EXPECT_EQ(to_hex(rlp_list({rlp_string("cat"), rlp_string("dog")})), "c88363617483646f67");
  const auto empty = rlp_list({});
  EXPECT_EQ(to_hex(rlp_list({empty, rlp_list({empty}), rlp_list({empty, rlp_list({empty})})})), "c7c0c1c0c3c0c1c0");
  const auto repeated = [](std::size_t n) { return to_hex(rlp_list(std::vector<bytes>(n, bytes{1}))).substr(0, 8); };
  EXPECT_EQ(repeated(55), "f7010101");
  EXPECT_EQ(repeated(56), "f8380101");
  EXPECT_EQ(repeated(256), "f9010001");
}

TEST(rlp, integers_are_minimal) {
  EXPECT_EQ(to_hex(rlp_integer(0)), "80");
  EXPECT_EQ(to_hex(rlp_integer(1)), "01");
  EXPECT_EQ(to_hex(rlp_integer(127)), "7f");
  EXPECT_EQ(to_hex(rlp_integer(128)), "8180");
  EXPECT_EQ(to_hex(rlp_integer(1024)), "820400");
  EXPECT_EQ(to_hex(rlp_integer((integer{1} << 256) - 1)), "a0" + std::string(64, 'f'));
  EXPECT_THROW(rlp_integer(-1), std::range_error);
}

TEST(rlp, payload_of_a_call_as_the_client_sends_it) {
  EXPECT_EQ(to_hex(rlp_list({rlp_string("code"), rlp_string(raw("0e04617267730d09")), rlp_string(raw("00"))})),
            "cf84636f6465880e04617267730d0900");
  EXPECT_EQ(to_hex(rlp_list({rlp_string(""), rlp_string(raw("06")), rlp_string(raw("00"))})), "c3800600");
}

}  // namespace
}  // namespace quorate::chain
