// SPDX-License-Identifier: MIT
#include "net/detail/request_id.hpp"

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

TEST(request_id, counts_behind_a_prefix_of_the_process) {
  request_ids ids(0x00abcdef);
  EXPECT_EQ(ids.next(), "fedcba-1");
  for (int i = 0; i < 14; ++i) ids.next();
  EXPECT_EQ(ids.next(), "fedcba-10");
  EXPECT_NE(request_ids(1).next(), request_ids(2).next());
}

TEST(request_id, takes_over_only_what_is_safe_in_logs_and_headers) {
  EXPECT_TRUE(is_valid_request_id("7b3a-4f.x_y:z/1+2=@"));
  EXPECT_TRUE(is_valid_request_id(std::string(128, 'a')));
  EXPECT_FALSE(is_valid_request_id(""));
  EXPECT_FALSE(is_valid_request_id(std::string(129, 'a')));
  EXPECT_FALSE(is_valid_request_id("a b"));
  EXPECT_FALSE(is_valid_request_id("a\"b"));
  EXPECT_FALSE(is_valid_request_id("\xc3\xa4"));
}

}  // namespace
}  // namespace quorate::net::detail
