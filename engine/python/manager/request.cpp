// SPDX-License-Identifier: MIT
#include "engine/python/manager/request.hpp"

#include <algorithm>

#include "chain/datetime.hpp"
#include "engine/python/vm/fields.hpp"

namespace quorate::engine::python {

namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;

/// genvm.md §1.2: what a run without a time is dated.
constexpr const char* default_timestamp = "2024-11-26T06:42:42.424242Z";
constexpr std::uint64_t longest_minutes = 24 * 60;

tl::unexpected<error> bad_field(const std::string& name, const char* what) {
  return fail(errc::invalid_params, name + " must be " + what);
}

/// A member that may be left out or null.
template <class T>
result<const T*> optional_field(const calldata_map& map, const char* name, const char* what) {
  const auto* value = find(map, name);
  if (!value || is_null(*value)) return nullptr;
  if (const auto* held = std::get_if<T>(&value->held)) return held;
  return bad_field(name, what);
}

/// Letters of §1.2; without the field, everything is allowed.
result<permissions> read_permissions(const calldata_map& map) {
  const auto given = optional_field<std::string>(map, "permissions", "text of the letters r, w, s, c, n");
  if (!given) return tl::unexpected{given.error()};
  if (!*given) return permissions{};
  if ((*given)->find_first_not_of("rwscn") != std::string::npos)
    return bad_field("permissions", "text of the letters r, w, s, c, n");
  const auto has = [&](char letter) { return (*given)->find(letter) != std::string::npos; };
  return permissions{true, has('r'), has('w'), has('s'), has('c'), has('n')};
}

result<std::optional<std::vector<bytes>>> read_leader_results(const calldata_map& map) {
  const auto given = optional_field<calldata_array>(map, "leader_nondet_results", "a list of bytes");
  if (!given) return tl::unexpected{given.error()};
  if (!*given) return std::optional<std::vector<bytes>>{};
  std::vector<bytes> out;
  for (const auto& entry : **given) {
    const auto* held = std::get_if<bytes>(&entry.held);
    if (!held) return bad_field("leader_nondet_results", "a list of bytes");
    out.push_back(*held);
  }
  return out;
}

result<chain::json> read_host_data(const calldata_map& map) {
  const auto given = optional_field<std::string>(map, "host_data", "JSON text");
  if (!given) return tl::unexpected{given.error()};
  if (!*given || (*given)->empty()) return chain::json::object();
  auto parsed = chain::parse_json(**given);
  if (!parsed || !parsed->is_object()) return bad_field("host_data", "the JSON text of an object");
  return parsed;
}

result<run_message> read_message(const calldata_map& map) {
  const auto* message = find_as<calldata_map>(map, "message");
  const auto* calldata = find_as<bytes>(map, "calldata");
  if (!message) return bad_field("message", "a mapping");
  if (!calldata) return bad_field("calldata", "bytes");
  const auto* timestamp = find_as<std::string>(map, "timestamp");
  auto out = run_message::from_request(*message, *calldata, timestamp ? *timestamp : default_timestamp);
  if (out && !chain::parse_datetime(out->datetime())) return bad_field("message.datetime", "an ISO 8601 date and time");
  return out;
}

bool read_flag(const calldata_map& map, const char* name, bool otherwise) {
  const auto* value = find_as<bool>(map, name);
  return value ? *value : otherwise;
}

bool has_debug_mode(const calldata_map& map) {
  const auto* arguments = find_as<calldata_array>(map, "extra_args");
  return arguments && std::ranges::any_of(*arguments, [](const auto& entry) {
           const auto* text = std::get_if<std::string>(&entry.held);
           return text && *text == "--debug-mode";
         });
}

}  // namespace

result<manager_request> decode_request(chain::bytes_view body) {
  auto value = chain::decode_calldata(body);
  if (!value) return tl::unexpected{value.error()};
  const auto* map = std::get_if<calldata_map>(&value->held);
  if (!map) return bad_field("the body", "a mapping");
  if (const auto* major = find(*map, "major"); major && find_number(*map, "major") != 0u)
    return bad_field("major", "0");
  auto message = read_message(*map);
  if (!message) return tl::unexpected{message.error()};
  auto may = read_permissions(*map);
  if (!may) return tl::unexpected{may.error()};
  const auto code = optional_field<bytes>(*map, "code", "bytes");
  if (!code) return tl::unexpected{code.error()};
  if (message->is_init() && !*code) return bad_field("code", "bytes: a deployment brings its code");
  auto leader = read_leader_results(*map);
  if (!leader) return tl::unexpected{leader.error()};
  auto host_data = read_host_data(*map);
  if (!host_data) return tl::unexpected{host_data.error()};
  const auto* host = find_as<std::string>(*map, "host");
  if (!host || !host->starts_with("unix://") || host->size() > 7 + 100)
    return bad_field("host", "unix:// and a short path");
  const auto* totals = find_as<calldata_array>(*map, "bucket_totals");
  const auto minutes = find_number(*map, "max_execution_minutes", longest_minutes);

  manager_request out{
      {std::move(*message), *may, storage_mode::current, read_flag(*map, "is_sync", false), has_debug_mode(*map),
       *code ? std::optional<bytes>{**code} : std::nullopt, std::move(*leader), false},
      host->substr(7),
      std::move(*host_data),
      read_flag(*map, "capture_output", true),
      std::chrono::minutes{minutes.value_or(20)},
      totals ? *totals : calldata_array{}};
  return out;
}

}  // namespace quorate::engine::python
