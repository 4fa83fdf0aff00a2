// SPDX-License-Identifier: MIT
#include "rpc/methods/format/pool_format.hpp"

#include <fmt/chrono.h>

#include <numeric>

namespace quorate::rpc::methods {

namespace {

std::int64_t number(std::size_t value) { return static_cast<std::int64_t>(value); }

std::string limits(const actors::pool_settings& settings) {
  json_object out;
  out.number("size", number(settings.size)).number("max_overflow", number(settings.max_overflow));
  out.number("timeout_ms", settings.timeout.count()).number("recycle_s", settings.recycle.count());
  out.boolean("pre_ping", settings.pre_ping).number("idle_timeout_ms", settings.idle_timeout.count());
  out.number("max_waiters", number(settings.max_waiters)).boolean("echo", settings.echo);
  return out.str();
}

}  // namespace

json_object pool_fields(const actors::pool_snapshot& pool) {
  const auto& settings = pool.settings;
  const auto waiting = std::accumulate(pool.waiting.begin(), pool.waiting.end(), std::size_t{0});
  json_object out;
  out.number("size", number(settings.size)).number("checked_out", number(pool.leased));
  out.number("overflow", number(pool.open > settings.size ? pool.open - settings.size : 0));
  out.number("max_allowed", number(settings.size + settings.max_overflow)).number("total", number(pool.open));
  out.number("idle", number(pool.idle)).number("connecting", number(pool.connecting));
  out.number("closing", number(pool.closing)).number("waiting", number(waiting));
  json_object by_class;
  by_class.number("request", number(pool.waiting[static_cast<std::size_t>(actors::work_class::request)]));
  by_class.number("consensus", number(pool.waiting[static_cast<std::size_t>(actors::work_class::consensus)]));
  by_class.number("background", number(pool.waiting[static_cast<std::size_t>(actors::work_class::background)]));
  out.raw("waiting_by_class", by_class.str()).number("peak", number(pool.peak_leased));
  out.boolean("paused", pool.paused).boolean("draining", pool.draining).text("breaker", pool.breaker);
  out.number("generation", static_cast<std::int64_t>(pool.generation)).text("oldest_holder", pool.oldest_holder);
  out.number("oldest_holder_age_ms", pool.oldest_holder_age.count()).boolean("listener", pool.listening);
  out.raw("limits", limits(settings));
  return out;
}

std::string naive_timestamp(std::chrono::system_clock::time_point when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(when - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), micros);
}

std::string format_pool_status(const actors::pool_snapshot& pool, std::chrono::system_clock::time_point now) {
  json_object out;
  out.text("timestamp", naive_timestamp(now)).raw("pool", pool_fields(pool).str());
  return out.str();
}

}  // namespace quorate::rpc::methods
