// SPDX-License-Identifier: MIT
#include "engine/python/vm/effects.hpp"

#include <algorithm>

#include "engine/python/vm/fields.hpp"
#include "engine/python/vm/machine.hpp"

namespace quorate::engine::python {

namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;

tl::unexpected<error> impossible(const char* what) {
  return fail(errc::invalid_params, std::string{"a run cannot "} + what);
}

constexpr std::size_t storage_key_size = 36;

/// Checks one [key, value] and moves `next`, the first page that may follow, behind it.
status check_change(const chain::calldata_value& value, const std::set<slot_id>& locked, bytes& next) {
  const auto* entry = std::get_if<calldata_array>(&value.held);
  const auto* key = entry && entry->size() == 2 ? std::get_if<bytes>(&(*entry)[0].held) : nullptr;
  const auto* data = key ? std::get_if<bytes>(&(*entry)[1].held) : nullptr;
  if (!data || key->size() != storage_key_size || data->empty() || data->size() % page_size != 0) {
    return impossible("change storage in another unit than pages");
  }
  if (*key < next) return impossible("change storage out of order");
  slot_id slot;
  std::copy_n(key->begin(), slot.size(), slot.begin());
  if (locked.contains(slot)) return impossible("change a locked slot");
  std::uint64_t index = 0;
  for (std::size_t at = slot.size(); at < key->size(); ++at) index = index << 8 | (*key)[at];
  const std::uint64_t end = index + data->size() / page_size;
  if (end > slot_size / page_size) return impossible("write beyond the end of a slot");
  next.assign(slot.begin(), slot.end());
  for (int shift = 24; shift >= 0; shift -= 8) next.push_back(static_cast<std::uint8_t>(end >> shift));
  return {};
}

bool is_emission(const calldata_map& map) {
  const auto* type = find_as<std::string>(map, "type");
  if (!type) return false;
  const auto* on = find_as<std::string>(map, "on");
  const bool has_moment = on && (*on == "accepted" || *on == "finalized");
  if (*type == "PostMessage") return has_moment && find_as<chain::address20>(map, "address") && find(map, "calldata");
  if (*type == "DeployContract") {
    const auto* salt = find_as<chain::integer>(map, "salt_nonce");
    return has_moment && find_as<bytes>(map, "code") && find(map, "calldata") && salt && *salt >= 0;
  }
  if (*type == "EthSend") return find_as<chain::address20>(map, "address") && find_as<bytes>(map, "calldata");
  return *type == "EmitEvent" && find_as<calldata_array>(map, "topics") && find_as<calldata_map>(map, "blob");
}

status check_emissions(const calldata_array& emissions, const chain::integer& balance) {
  chain::integer sum = 0;
  for (const auto& value : emissions) {
    const auto* map = std::get_if<calldata_map>(&value.held);
    if (!map || !is_emission(*map)) return impossible("send what is no message");
    const auto* amount = find_as<chain::integer>(*map, "value");
    if (amount && *amount < 0) return impossible("send less than nothing");
    if (amount) sum += *amount;
  }
  if (sum > balance) return impossible("send more than there is");
  return {};
}

}  // namespace

status check_effects(const run_report& report, const allowance& allowed) {
  if (report.kind != result_kind::returned && !(report.storage.empty() && report.emissions.empty())) {
    return impossible("fail and have effects");
  }
  if (!allowed.may.write && !report.storage.empty()) return impossible("write here");
  if (!allowed.may.send && !report.emissions.empty()) return impossible("send here");
  if (!allowed.may.nondet && !report.nondet_results.empty()) return impossible("be non-deterministic here");
  if (report.emissions.size() > machine::most_emissions) return impossible("send that many messages");
  bytes next;
  for (const auto& change : report.storage) {
    if (auto fine = check_change(change, allowed.locked, next); !fine) return fine;
  }
  for (const auto& entry : report.nondet_results) {
    const auto* held = std::get_if<bytes>(&entry.held);
    if (!held || held->empty()) return impossible("have results without bytes");
  }
  return check_emissions(report.emissions, allowed.balance);
}

}  // namespace quorate::engine::python
