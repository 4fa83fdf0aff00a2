// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include <gtest/gtest.h>

namespace quorate::app {
namespace {

using std::chrono::milliseconds;

config::values with(std::string_view key, config::setting value) {
  config::values v;
  v.set(key, {std::move(value), config::source::flag, "test"});
  return v;
}

TEST(app_settings, cancel_grace_reaches_the_pool) {
  EXPECT_EQ(pool_settings_of(with("database.pool.cancel_grace", milliseconds{700})).cancel_grace, milliseconds{700});
}

/// The pool's timeout may be raised while connections are open; what the server was told must not be in the way.
TEST(app_settings, server_allows_what_a_call_may_take) {
  const auto v = with("database.pool.timeout", milliseconds{2'000});
  EXPECT_EQ(pool_settings_of(v).timeout, milliseconds{2'000});
  EXPECT_EQ(connect_settings_of(v, "host=x").statement_timeout, v.duration("rpc.call_timeout"));
}

TEST(app_settings, as_many_reads_may_wait_as_calls_are_admitted) {
  const auto values = with("rpc.in_flight_limit", std::int64_t{123'456});
  EXPECT_EQ(read_settings_of(values).queue_limit, 123'456U);
  EXPECT_EQ(front_settings_of(values).in_flight, 123'456U);
}

}  // namespace
}  // namespace quorate::app
