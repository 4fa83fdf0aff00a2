// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

namespace quorate::app {

namespace {
std::size_t count(const config::values& v, std::string_view key) { return static_cast<std::size_t>(v.whole(key)); }
}  // namespace

net::server_settings server_settings_of(const config::values& v) {
  net::server_settings s;
  s.host = v.text("server.host");
  s.port = static_cast<std::uint16_t>(v.whole("server.port"));
  s.body_limit = count(v, "server.body_limit");
  s.header_limit = count(v, "server.header_limit");
  s.header_deadline = v.duration("server.header_deadline");
  s.body_deadline = v.duration("server.body_deadline");
  s.idle_timeout = v.duration("server.idle_timeout");
  s.write_deadline = v.duration("server.write_deadline");
  s.connections = count(v, "server.connections");
  s.connections_per_address = count(v, "server.connections_per_address");
  s.pipeline = count(v, "server.pipeline");
  s.trusted_proxies = v.list("server.trusted_proxies");
  return s;
}

actors::pool_settings pool_settings_of(const config::values& v) {
  actors::pool_settings s;
  s.size = count(v, "database.pool.size");
  s.max_overflow = count(v, "database.pool.max_overflow");
  s.timeout = v.duration("database.pool.timeout");
  s.recycle = std::chrono::duration_cast<std::chrono::seconds>(v.duration("database.pool.recycle"));
  s.recycle_jitter = v.real("database.pool.recycle_jitter");
  s.pre_ping = v.boolean("database.pool.pre_ping");
  s.pre_ping_idle = v.duration("database.pool.pre_ping_idle");
  s.idle_timeout = v.duration("database.pool.idle_timeout");
  s.warm_up = count(v, "database.pool.warm_up");
  s.max_waiters = count(v, "database.pool.max_waiters");
  s.connect_concurrency = count(v, "database.pool.connect_concurrency");
  s.connect_timeout = v.duration("database.pool.connect_timeout");
  s.reserved_consensus = count(v, "database.pool.reserved_consensus");
  s.reserved_background = count(v, "database.pool.reserved_background");
  s.ageing = v.duration("database.pool.ageing");
  s.breaker_failures = count(v, "database.pool.breaker_failures");
  s.breaker_probe = v.duration("database.pool.breaker_probe");
  s.echo = v.boolean("database.pool.echo");
  return s;
}

db::connect_settings connect_settings_of(const config::values& v, std::string conninfo) {
  db::connect_settings s;
  s.url = std::move(conninfo);
  s.statement_timeout = v.duration("database.pool.timeout");
  return s;
}

}  // namespace quorate::app
