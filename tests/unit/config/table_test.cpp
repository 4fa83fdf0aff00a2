// SPDX-License-Identifier: MIT
#include <set>

#include <gtest/gtest.h>

#include "actors/pool/settings.hpp"
#include "config/values.hpp"
#include "net/server.hpp"

namespace quorate::config {
namespace {

TEST(config_table, keys_flags_and_environment_names_are_unique) {
  std::set<std::string> seen;
  for (const auto& o : table()) {
    EXPECT_TRUE(seen.emplace(o.key).second) << o.key;
    EXPECT_TRUE(seen.emplace(own_environment_name(o.key)).second) << o.key;
    if (!o.flag.empty()) {
      EXPECT_TRUE(seen.emplace(o.flag).second) << o.flag;
    }
    for (const auto& name : o.studio) EXPECT_TRUE(seen.emplace(name.name).second) << name.name;
  }
}

TEST(config_table, every_option_explains_itself_in_a_sentence) {
  for (const auto& o : table()) {
    EXPECT_GT(o.help.size(), 10u) << o.key;
    EXPECT_TRUE(o.help.ends_with('.')) << o.key;
  }
}

/// The pool's own struct has defaults for tests that need no configuration; the two must not drift apart.
TEST(config_table, defaults_are_those_of_the_pool) {
  const values v;
  const actors::pool_settings pool;
  EXPECT_EQ(v.whole("database.pool.size"), static_cast<std::int64_t>(pool.size));
  EXPECT_EQ(v.whole("database.pool.max_overflow"), static_cast<std::int64_t>(pool.max_overflow));
  EXPECT_EQ(v.duration("database.pool.timeout"), pool.timeout);
  EXPECT_EQ(v.duration("database.pool.recycle"), pool.recycle);
  EXPECT_EQ(v.real("database.pool.recycle_jitter"), pool.recycle_jitter);
  EXPECT_EQ(v.boolean("database.pool.pre_ping"), pool.pre_ping);
  EXPECT_EQ(v.duration("database.pool.pre_ping_idle"), pool.pre_ping_idle);
  EXPECT_EQ(v.duration("database.pool.idle_timeout"), pool.idle_timeout);
  EXPECT_EQ(v.whole("database.pool.warm_up"), static_cast<std::int64_t>(pool.warm_up));
  EXPECT_EQ(v.whole("database.pool.max_waiters"), static_cast<std::int64_t>(pool.max_waiters));
  EXPECT_EQ(v.whole("database.pool.connect_concurrency"), static_cast<std::int64_t>(pool.connect_concurrency));
  EXPECT_EQ(v.duration("database.pool.connect_timeout"), pool.connect_timeout);
  EXPECT_EQ(v.duration("database.pool.cancel_grace"), pool.cancel_grace);
  EXPECT_EQ(v.whole("database.pool.reserved_consensus"), static_cast<std::int64_t>(pool.reserved_consensus));
  EXPECT_EQ(v.whole("database.pool.reserved_background"), static_cast<std::int64_t>(pool.reserved_background));
  EXPECT_EQ(v.duration("database.pool.ageing"), pool.ageing);
  EXPECT_EQ(v.whole("database.pool.breaker_failures"), static_cast<std::int64_t>(pool.breaker_failures));
  EXPECT_EQ(v.duration("database.pool.breaker_probe"), pool.breaker_probe);
  EXPECT_EQ(v.boolean("database.pool.echo"), pool.echo);
}

TEST(config_table, defaults_are_those_of_the_server) {
  const values v;
  const net::server_settings server;
  EXPECT_EQ(v.text("server.host"), server.host);
  EXPECT_EQ(v.whole("server.port"), server.port);
  EXPECT_EQ(v.whole("server.body_limit"), static_cast<std::int64_t>(server.body_limit));
  EXPECT_EQ(v.whole("server.header_limit"), static_cast<std::int64_t>(server.header_limit));
  EXPECT_EQ(v.duration("server.header_deadline"), server.header_deadline);
  EXPECT_EQ(v.duration("server.body_deadline"), server.body_deadline);
  EXPECT_EQ(v.duration("server.idle_timeout"), server.idle_timeout);
  EXPECT_EQ(v.duration("server.write_deadline"), server.write_deadline);
  EXPECT_EQ(v.whole("server.connections"), static_cast<std::int64_t>(server.connections));
  EXPECT_EQ(v.whole("server.connections_per_address"), static_cast<std::int64_t>(server.connections_per_address));
  EXPECT_EQ(v.whole("server.pipeline"), static_cast<std::int64_t>(server.pipeline));
  EXPECT_EQ(v.list("server.trusted_proxies"), server.trusted_proxies);
}

TEST(config_table, a_wrong_name_or_kind_is_a_programming_error) {
  const values v;
  EXPECT_THROW((void)v.text("no.such"), std::logic_error);
  EXPECT_THROW((void)v.text("server.port"), std::logic_error);
}

}  // namespace
}  // namespace quorate::config
