// SPDX-License-Identifier: MIT
#include "rpc/methods/health.hpp"

#include <unistd.h>

#include "db/transactions.hpp"
#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/health_consensus.hpp"
#include "rpc/methods/health_probe.hpp"
#include "rpc/methods/metrics_route.hpp"
#include "rpc/methods/process_stats.hpp"

namespace quorate::rpc::methods {

namespace {

std::int64_t number(std::size_t value) { return static_cast<std::int64_t>(value); }

double timestamp(const services& with) { return std::chrono::duration<double>(with.now().time_since_epoch()).count(); }

double milliseconds(std::chrono::microseconds value) { return static_cast<double>(value.count()) / 1000; }

/// Why requests would not be served now; empty when they would.
std::string trouble(const services& with, const pool_probe& probe) {
  if (with.draining()) return "shutting_down";
  if (probe.served) return {};
  if (probe.pool.paused) return "pool_paused";
  if (probe.pool.draining) return "pool_draining";
  if (probe.served.error().code == errc::database_unavailable) return "database_unavailable";
  return probe.served.error().code == errc::pool_exhausted ? "pool_exhausted" : "database_not_answering";
}

reply ready(const services& with, const pool_probe& probe) {
  const auto reason = trouble(with, probe);
  json_object out;
  out.text("status", reason.empty() ? "ready" : "not_ready").text("service", "genlayer-rpc");
  out.boolean("rpc_router_initialized", true).boolean("database", reason.empty());
  reason.empty() ? out.null("reason") : out.text("reason", reason);
  return {.status = reason.empty() ? 200 : 503, .body = out.str()};
}

std::string memory_service() {
  const auto stats = read_process_stats();
  json_object out;
  out.text("status", "healthy").value("usage_mb", stats.resident_mb).value("percent", stats.memory_percent());
  out.value("cpu_percent", stats.cpu_percent());
  return out.str();
}

reply health(const services& with, const pool_probe& probe) {
  const auto reason = trouble(with, probe);
  json_object database;
  database.text("status", probe.served ? "healthy" : "unhealthy").number("pool_size", number(probe.pool.settings.size));
  database.number("checked_out", number(probe.pool.leased));
  probe.served ? database.null("reason") : database.text("reason", reason);
  json_object services_part;
  services_part.raw("database", database.str()).raw("memory", memory_service()).text("redis", "not_configured");
  json_object meta;
  meta.number("pid", std::int64_t{getpid()}).text("workers", "1").value("check_interval_s", 0.0);

  json_object out;
  out.text("status", reason.empty() ? "healthy" : "unhealthy").value("timestamp", timestamp(with));
  out.value("cache_age_ms", 0.0).value("last_check_duration_ms", milliseconds(probe.elapsed));
  out.raw("issues", reason.empty() ? "null" : json_strings({with.draining() ? reason : "database_issue"}));
  out.raw("services", services_part.str()).raw("meta", meta.str());
  return {.status = reason.empty() ? 200 : 503, .body = out.str()};
}

reply database(const pool_probe& probe) {
  if (!probe.served) {
    json_object out;
    out.text("status", "error").text("error", probe.served.error().message);
    return {.status = 503, .body = out.str()};
  }
  const auto& pool = probe.pool;
  const auto overflow = pool.open > pool.settings.size ? pool.open - pool.settings.size : 0;
  json_object connections;
  connections.text("class", "quorate").text("status", pool.breaker).number("size", number(pool.settings.size));
  connections.number("checked_out", number(pool.leased)).number("overflow", number(overflow));
  connections.number("total", number(pool.leased + overflow)).number("available", number(pool.idle));
  json_object out;
  out.text("status", "healthy").number("active_sessions", number(pool.leased));
  out.raw("connection_pool", connections.str()).value("query_time_ms", milliseconds(probe.elapsed));
  return {.body = out.str()};
}

reply memory() {
  const auto stats = read_process_stats();
  json_object machine;
  machine.value("total_mb", stats.total_memory_mb).value("available_mb", stats.available_memory_mb);
  machine.value("percent_used", stats.system_memory_percent());
  json_object out;
  out.text("status", "healthy").value("memory_usage_mb", stats.resident_mb);
  out.value("memory_percent", stats.memory_percent()).value("virtual_memory_mb", stats.virtual_mb);
  out.raw("system_memory", machine.str());
  return {.body = out.str()};
}

reply cpu() {
  const auto stats = read_process_stats();
  json_object times, machine;
  times.value("user", stats.user_seconds).value("system", stats.system_seconds);
  machine.number("cpu_count", std::int64_t{stats.processors}).value("load_average", stats.load_average);
  json_object out;
  out.text("status", "healthy").value("cpu_percent", stats.cpu_percent()).raw("cpu_times", times.str());
  out.number("num_threads", stats.threads).raw("system_cpu", machine.str());
  return {.body = out.str()};
}

/// Answers without asking anybody.
route at_once(std::function<reply()> make) {
  return [make = std::move(make)](const std::function<void(reply)>& done) { done(make()); };
}

}  // namespace

route_map make_health_routes(const services& with) {
  const auto probe = make_pool_probe(with);
  const auto probed = [probe](std::function<reply(const pool_probe&)> make) -> route {
    return [probe, make = std::move(make)](std::function<void(reply)> done) {
      probe->ask([make, done = std::move(done)](const pool_probe& seen) { done(make(seen)); });
    };
  };
  route_map routes;
  routes["/ping"] = at_once([] { return reply{.body = R"({"status":"ok"})"}; });
  routes["/ready"] = probed([with](const pool_probe& seen) { return ready(with, seen); });
  routes["/health"] = probed([with](const pool_probe& seen) { return health(with, seen); });
  routes["/health/db"] = probed(database);
  routes["/health/memory"] = at_once(memory);
  routes["/health/cpu"] = at_once(cpu);
  routes["/health/consensus"] = make_consensus_route(with);
  // No method is limited per address yet (docs/spec/json-rpc.md §11): there is nothing to count.
  routes["/health/ratelimit"] = at_once([] { return reply{.body = R"({"active_addresses":0,"addresses":{}})"}; });
  routes["/metrics"] = make_metrics_route(with);
  return routes;
}

}  // namespace quorate::rpc::methods
