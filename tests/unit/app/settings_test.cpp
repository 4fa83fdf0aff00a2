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

TEST(app_settings, rules_for_submissions_reach_the_methods) {
  auto values = with("rpc.pending_per_sender", std::int64_t{7});
  values.set("rpc.accept_any_chain_id", {true, config::source::flag, "test"});
  const auto rules = submission_rules_of(values);
  EXPECT_EQ(rules.caps.per_sender, 7);
  EXPECT_EQ(rules.caps.per_contract, 0);
  EXPECT_TRUE(rules.any_chain_id);
  EXPECT_EQ(rules.max_rotations, 3);
  EXPECT_EQ(rules.consensus_main, "0x0000000000000000000000000000000000000000");
}

TEST(app_settings, as_many_reads_may_wait_as_calls_are_admitted) {
  const auto values = with("rpc.in_flight_limit", std::int64_t{123'456});
  EXPECT_EQ(read_settings_of(values).queue_limit, 123'456U);
  EXPECT_EQ(front_settings_of(values).in_flight, 123'456U);
}

}  // namespace
}  // namespace quorate::app
