// SPDX-License-Identifier: MIT
#include "engine/python/determinism/world.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::python {
namespace {

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
