// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include <algorithm>

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
  s.sockets = count(v, "server.socket.connections");
  s.socket_message_limit = count(v, "server.socket.message_limit");
  s.socket_queue_messages = count(v, "server.socket.queue_messages");
  s.socket_queue_bytes = count(v, "server.socket.queue_bytes");
  s.socket_ping = v.duration("server.socket.ping_interval");
  s.socket_timeout = v.duration("server.socket.ping_timeout");
  s.socket_compression = v.boolean("server.socket.compression");
  return s;
}

rpc::settings rpc_settings_of(const config::values& v) {
  rpc::settings s;
  s.chain_id = static_cast<std::uint64_t>(v.whole("rpc.chain_id"));
  s.hosted = v.boolean("rpc.hosted");
  s.admin_api_key = v.text("rpc.admin_api_key");
  s.call_timeout = v.duration("rpc.call_timeout");
  s.batch_limit = count(v, "rpc.batch_limit");
  s.in_flight_limit = count(v, "rpc.in_flight_limit");
  s.json.depth = count(v, "rpc.json_depth");
  s.json.elements = count(v, "rpc.json_elements");
  s.socket_topics = count(v, "server.socket.topics");
  return s;
}

rpc::methods::submission_rules submission_rules_of(const config::values& v) {
  rpc::methods::submission_rules s;
  s.any_chain_id = v.boolean("rpc.accept_any_chain_id");
  s.max_rotations = static_cast<std::int32_t>(v.whole("consensus.max_rotations"));
  s.caps = {v.whole("rpc.pending_per_contract"), v.whole("rpc.pending_per_sender")};
  s.consensus_main = forwards(v) ? v.text("hardhat.contract") : v.text("rpc.consensus_main_address");
  s.forward = forwards(v);
  s.forward_wait = v.duration("hardhat.reply_wait");
  return s;
}

actors::read_gateway_settings read_settings_of(const config::values& v) {
  actors::read_gateway_settings s;
  s.coalesce = v.boolean("reads.coalesce");
  s.batch_limit = count(v, "reads.batch_limit");
  s.in_flight = count(v, "reads.in_flight");
  // Whoever was admitted may wait: the limit on calls is the one that refuses.
  s.queue_limit = count(v, "rpc.in_flight_limit");
  return s;
}

actors::loop_settings loop_settings_of(const config::values& v) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  actors::loop_settings s;
  s.claim_poll = s.finalize_poll = v.duration("consensus.poll_interval");
  s.recover_every = v.duration("consensus.recovery_interval");
  s.parallelism = count(v, "consensus.parallel");
  s.job_timeout = v.duration("database.pool.timeout");
  s.leases.lease_timeout = duration_cast<seconds>(v.duration("consensus.lease_timeout"));
  s.leases.max_recoveries = static_cast<std::int32_t>(v.whole("consensus.recovery_max_cycles"));
  s.leases.stranded_after = duration_cast<seconds>(v.duration("consensus.stranded_after"));
  s.appeal_failed_reduction = v.real("consensus.finality_window_appeal_failed_reduction");
  return s;
}

actors::front_settings front_settings_of(const config::values& v) {
  actors::front_settings s;
  s.in_flight = count(v, "rpc.in_flight_limit");
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
  s.cancel_grace = v.duration("database.pool.cancel_grace");
  s.echo = v.boolean("database.pool.echo");
  return s;
}

db::connect_settings connect_settings_of(const config::values& v, std::string conninfo) {
  db::connect_settings s;
  s.url = std::move(conninfo);
  // Given to the server once per connection, so it has to hold for what a reload may ask for, too: no unit of work runs
  // longer than its call, and the pool cancels at its own deadline.
  s.statement_timeout = std::max(v.duration("database.pool.timeout"), v.duration("rpc.call_timeout"));
  return s;
}

}  // namespace quorate::app
