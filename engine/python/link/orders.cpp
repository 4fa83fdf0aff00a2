// SPDX-License-Identifier: MIT
#include "engine/python/link/orders.hpp"

#include <algorithm>

#include "engine/python/vm/fields.hpp"

namespace quorate::engine::python {

namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;

tl::unexpected<error> malformed(const char* what) {
  return fail(errc::invalid_params, std::string{"the engine's processes disagree about "} + what);
}

bytes encoded(calldata_map map) { return chain::encode_calldata(calldata_value{std::move(map)}).value_or(bytes{}); }

result<calldata_map> decoded(chain::bytes_view data, const char* what) {
  auto value = chain::decode_calldata(data);
  auto* map = value ? std::get_if<calldata_map>(&value->held) : nullptr;
  if (!map) return malformed(what);
  return std::move(*map);
}

calldata_value from_permissions(const permissions& may) {
  std::string out;
  for (auto [letter, is_set] : {std::pair{'d', may.deterministic}, std::pair{'r', may.read}, std::pair{'w', may.write},
                                std::pair{'s', may.send}, std::pair{'c', may.call}, std::pair{'n', may.nondet}}) {
    if (is_set) out += letter;
  }
  return calldata_value{out};
}

permissions to_permissions(const std::string& text) {
  const auto has = [&](char letter) { return text.find(letter) != std::string::npos; };
  return {has('d'), has('r'), has('w'), has('s'), has('c'), has('n')};
}

bool is_true(const calldata_map& map, const char* name) {
  const auto* value = find_as<bool>(map, name);
  return value && *value;
}

/// The members that runs and calls share.
template <class Order>
bool read_common(const calldata_map& map, Order& out) {
  const auto* may = find_as<std::string>(map, "may");
  const auto mode = find_number(map, "mode", static_cast<std::uint64_t>(storage_mode::latest_non_final));
  if (!may || !mode) return false;
  out.may = to_permissions(*may);
  out.mode = static_cast<storage_mode>(*mode);
  return true;
}

template <class Order>
calldata_map write_common(const Order& order) {
  calldata_map out;
  out.emplace("message", order.message.map());
  out.emplace("may", from_permissions(order.may));
  out.emplace("mode", number(static_cast<std::uint64_t>(order.mode)));
  return out;
}

result<run_message> read_message(const calldata_map& map, const char* what) {
  const auto* message = find_as<calldata_map>(map, "message");
  if (!message) return malformed(what);
  return run_message::from_calldata(*message);
}

}  // namespace

bytes encode_order(const run_order& order) {
  auto map = write_common(order);
  map.emplace("sync", order.is_sync);
  map.emplace("debug", order.debug);
  map.emplace("compile", order.compile_only);
  if (order.code) map.emplace("code", *order.code);
  if (order.leader_results) {
    calldata_array list;
    for (const auto& entry : *order.leader_results) list.emplace_back(entry);
    map.emplace("leader", std::move(list));
  }
  return encoded(std::move(map));
}

result<run_order> decode_order(chain::bytes_view data) {
  auto map = decoded(data, "orders");
  if (!map) return tl::unexpected{map.error()};
  auto message = read_message(*map, "orders");
  if (!message) return tl::unexpected{message.error()};
  run_order out{std::move(*message),    {}, {}, is_true(*map, "sync"),
                is_true(*map, "debug"), {}, {}, is_true(*map, "compile")};
  if (!read_common(*map, out)) return malformed("orders");
  if (const auto* code = find_as<bytes>(*map, "code")) out.code = *code;
  if (const auto* list = find_as<calldata_array>(*map, "leader")) {
    auto& results = out.leader_results.emplace();
    for (const auto& entry : *list) {
      const auto* held = std::get_if<bytes>(&entry.held);
      if (!held) return malformed("leader results");
      results.push_back(*held);
    }
  }
  return out;
}

bytes encode_opening(const run_opening& opening) {
  calldata_map map;
  calldata_array locked;
  for (const auto& slot : opening.locked) locked.emplace_back(bytes{slot.begin(), slot.end()});
  map.emplace("balance", opening.balance);
  map.emplace("locked", std::move(locked));
  return encoded(std::move(map));
}

result<run_opening> decode_opening(chain::bytes_view data) {
  auto map = decoded(data, "openings");
  if (!map) return tl::unexpected{map.error()};
  const auto* balance = find_as<chain::integer>(*map, "balance");
  const auto* locked = find_as<calldata_array>(*map, "locked");
  if (!balance || !locked) return malformed("openings");
  run_opening out{*balance, {}};
  for (const auto& entry : *locked) {
    const auto* held = std::get_if<bytes>(&entry.held);
    slot_id slot;
    if (!held || held->size() != slot.size()) return malformed("locked slots");
    std::ranges::copy(*held, slot.begin());
    out.locked.insert(slot);
  }
  return out;
}

bytes encode_call(const call_order& order) { return encoded(write_common(order)); }

result<call_order> decode_call(chain::bytes_view data) {
  auto map = decoded(data, "calls");
  if (!map) return tl::unexpected{map.error()};
  auto message = read_message(*map, "calls");
  if (!message) return tl::unexpected{message.error()};
  call_order out{std::move(*message), {}, {}};
  if (!read_common(*map, out)) return malformed("calls");
  return out;
}

}  // namespace quorate::engine::python
