// SPDX-License-Identifier: MIT
#include "db/detail/timestamp.hpp"

#include <gtest/gtest.h>

namespace quorate::db::detail {
namespace {

TEST(timestamps, are_iso_with_six_digits_or_none) {
  EXPECT_EQ(iso_timestamp("2026-06-01 10:00:00+00"), "2026-06-01T10:00:00+00:00");
  EXPECT_EQ(iso_timestamp("2026-06-01 10:00:00.5+00"), "2026-06-01T10:00:00.500000+00:00");
  EXPECT_EQ(iso_timestamp("2026-06-01 10:00:00.000001+00"), "2026-06-01T10:00:00.000001+00:00");
  for (const auto* const other : {"", "infinity", "2026-06-01 10:00:00+02", "+00"})
    EXPECT_EQ(iso_timestamp(other), other);
}

}  // namespace
}  // namespace quorate::db::detail
