// SPDX-License-Identifier: MIT
#include "engine/python/manager/code_cache.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::python {
namespace {

chain::hash256 hash(std::uint8_t n) {
  chain::hash256 out{};
  out[0] = n;
  return out;
}

TEST(code_cache, keeps_what_it_was_given_first) {
  code_cache cache{10'000};
  EXPECT_EQ(cache.find(hash(1)), nullptr);
  cache.keep(hash(1), {1});
  cache.keep(hash(1), {2});
  ASSERT_NE(cache.find(hash(1)), nullptr);
  EXPECT_EQ(*cache.find(hash(1)), chain::bytes{1});
  cache.keep(hash(2), {});
  ASSERT_NE(cache.find(hash(2)), nullptr);
  EXPECT_TRUE(cache.find(hash(2))->empty());
}

TEST(code_cache, forgets_what_was_not_used_for_longest) {
  code_cache cache{3'600};  // three of a thousand, with what an entry costs besides
  for (std::uint8_t n : {1, 2, 3}) cache.keep(hash(n), chain::bytes(1'000));
  ASSERT_NE(cache.find(hash(1)), nullptr);
  cache.keep(hash(4), chain::bytes(1'000));
  EXPECT_EQ(cache.find(hash(2)), nullptr);
  for (std::uint8_t n : {1, 3, 4}) EXPECT_NE(cache.find(hash(n)), nullptr) << int{n};
  cache.keep(hash(5), chain::bytes(3'000));
  for (std::uint8_t n : {1, 3, 4}) EXPECT_EQ(cache.find(hash(n)), nullptr) << int{n};
  EXPECT_NE(cache.find(hash(5)), nullptr);
}

TEST(code_cache, gives_up_nothing_for_what_is_too_large) {
  code_cache cache{1'000};
  cache.keep(hash(1), chain::bytes(100));
  cache.keep(hash(2), chain::bytes(1'000));
  EXPECT_EQ(cache.find(hash(2)), nullptr);
  EXPECT_NE(cache.find(hash(1)), nullptr);
}

}  // namespace
}  // namespace quorate::engine::python
