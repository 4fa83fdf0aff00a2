// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include <gtest/gtest.h>

namespace quorate::app {
namespace {

TEST(settings, as_many_reads_may_wait_as_calls_are_admitted) {
  config::values values;
  values.set("rpc.in_flight_limit", {std::int64_t{123'456}, config::source::flag, "--set"});
  EXPECT_EQ(read_settings_of(values).queue_limit, 123'456U);
  EXPECT_EQ(front_settings_of(values).in_flight, 123'456U);
}

}  // namespace
}  // namespace quorate::app
