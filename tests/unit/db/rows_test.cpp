// SPDX-License-Identifier: MIT
#include "db/rows.hpp"

#include <gtest/gtest.h>

namespace quorate::db {
namespace {

TEST(statuses, have_names_both_ways) {
  for (std::size_t i = 0; i < tx_status_names.size(); ++i) {
    const auto status = static_cast<tx_status>(i);
    EXPECT_EQ(parse_tx_status(to_string(status)), status);
  }
  EXPECT_EQ(parse_tx_status("pending"), std::nullopt);
  EXPECT_EQ(parse_tx_status(""), std::nullopt);
}

}  // namespace
}  // namespace quorate::db
