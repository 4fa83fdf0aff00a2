// SPDX-License-Identifier: MIT
#include "rpc/methods/pool_limits.hpp"

#include <fmt/format.h>

#include <array>

namespace quorate::rpc::methods {

namespace {

using actors::pool_settings;

struct limit {
  const char* name;
  std::int64_t least, most;
  const char* help;
  void (*set)(pool_settings&, std::int64_t);
};

std::size_t count(std::int64_t value) { return static_cast<std::size_t>(value); }

// Seconds where SQLAlchemy's parameter of that name counts seconds, milliseconds where the name says so.
constexpr std::array<limit, 11> limits{{
    {"size", 1, 10'000, "Connections kept open.", [](pool_settings& s, std::int64_t v) { s.size = count(v); }},
    {"max_overflow", 0, 10'000, "Connections above `size`, closed when returned.",
     [](pool_settings& s, std::int64_t v) { s.max_overflow = count(v); }},
    {"timeout", 1, 3'600, "Seconds a call may take from queue to commit.",
     [](pool_settings& s, std::int64_t v) { s.timeout = std::chrono::seconds{v}; }},
    {"recycle", 0, 31'536'000, "Seconds after which a connection is replaced; 0: never.",
     [](pool_settings& s, std::int64_t v) { s.recycle = std::chrono::seconds{v}; }},
    {"idle_timeout", 1, 31'536'000, "Seconds after which an idle connection is closed.",
     [](pool_settings& s, std::int64_t v) { s.idle_timeout = std::chrono::seconds{v}; }},
    {"pre_ping_idle_ms", 0, 3'600'000, "Milliseconds of idleness after which a connection is tested before use.",
     [](pool_settings& s, std::int64_t v) { s.pre_ping_idle = std::chrono::milliseconds{v}; }},
    {"max_waiters", 0, 1'000'000, "Callers that may wait; one more is refused at once.",
     [](pool_settings& s, std::int64_t v) { s.max_waiters = count(v); }},
    {"connect_concurrency", 1, 1'000, "Connections being opened at a time.",
     [](pool_settings& s, std::int64_t v) { s.connect_concurrency = count(v); }},
    {"reserved_consensus", 0, 10'000, "Connections that requests leave free for the loops.",
     [](pool_settings& s, std::int64_t v) { s.reserved_consensus = count(v); }},
    {"reserved_background", 0, 10'000, "Connections that requests and loops leave free for upkeep.",
     [](pool_settings& s, std::int64_t v) { s.reserved_background = count(v); }},
    {"ageing_ms", 1, 3'600'000, "A waiter this old goes before younger ones of better classes.",
     [](pool_settings& s, std::int64_t v) { s.ageing = std::chrono::milliseconds{v}; }},
}};

struct flag {
  const char* name;
  const char* help;
  bool pool_settings::*field;
};
constexpr std::array<flag, 2> flags{{{"pre_ping", "Test idle connections before use.", &pool_settings::pre_ping},
                                     {"echo", "Log every lease and return.", &pool_settings::echo}}};

}  // namespace

std::vector<param> limit_params() {
  std::vector<param> out;
  for (const auto& one : limits)
    out.push_back({.name = one.name, .type = param_type::integer, .required = false, .help = one.help});
  for (const auto& one : flags)
    out.push_back({.name = one.name, .type = param_type::boolean, .required = false, .help = one.help});
  return out;
}

bool limit_changes::named(std::string_view name) const {
  for (std::size_t i = 0; i < limits.size(); ++i)
    if (limits[i].name == name) return !values_[i].is_null();
  return false;
}

result<limit_changes> limit_changes::from(const std::vector<json>& params) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto& [name, least, most, help, set] = limits[i];
    if (params[i].is_null()) continue;
    const auto value = params[i].get<std::int64_t>();
    if (value < least || value > most)
      return fail(errc::invalid_params, fmt::format("{} must be from {} to {}", name, least, most));
  }
  limit_changes out;
  out.values_ = params;
  return out;
}

result<pool_settings> limit_changes::apply(pool_settings current) const {
  for (std::size_t i = 0; i < limits.size(); ++i)
    if (!values_[i].is_null()) limits[i].set(current, values_[i].get<std::int64_t>());
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (const auto& value = values_[limits.size() + i]; !value.is_null()) current.*flags[i].field = value.get<bool>();
  // Only what this call asks for: shrinking below the reserves is the pool's to arrange.
  const bool reserves_named = named("reserved_consensus") || named("reserved_background");
  if (reserves_named && current.reserved_consensus + current.reserved_background >= current.size + current.max_overflow)
    return fail(errc::invalid_params, "reserved_consensus and reserved_background must leave requests a connection");
  return current;
}

}  // namespace quorate::rpc::methods
