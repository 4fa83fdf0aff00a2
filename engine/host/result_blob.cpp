// SPDX-License-Identifier: MIT
#include "engine/host/result_blob.hpp"

#include <algorithm>

#include "chain/base64.hpp"
#include "chain/calldata_fields.hpp"
#include "chain/contract_slots.hpp"

namespace quorate::engine::host {

namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::json;

constexpr std::size_t change_key_size = 36;
constexpr std::size_t change_page_size = chain::storage_page_size;
constexpr std::uint64_t pages_of_slot = chain::storage_slot_size / change_page_size;

tl::unexpected<error> malformed(std::string what) {
  return fail(errc::internal, "The engine's result is malformed", {}, std::move(what));
}

/// An optional member; null when it is not there.
template <class T>
result<T*> member(calldata_map& map, const char* name) {
  const auto found = map.find(name);
  if (found == map.end() || chain::is_null(found->second)) return nullptr;
  if (auto* held = std::get_if<T>(&found->second.held)) return held;
  return malformed(std::string{name} + " has another type");
}

result<storage_change> read_change(calldata_value& value) {
  auto* entry = std::get_if<calldata_array>(&value.held);
  auto* key = entry && entry->size() == 2 ? std::get_if<bytes>(&(*entry)[0].held) : nullptr;
  auto* data = key ? std::get_if<bytes>(&(*entry)[1].held) : nullptr;
  if (!data || key->size() != change_key_size || data->empty() || data->size() % change_page_size != 0) {
    return malformed("a storage change is no key of 36 bytes and whole pages");
  }
  storage_change out;
  std::copy_n(key->begin(), out.slot.size(), out.slot.begin());
  std::uint64_t page = 0;
  for (std::size_t at = out.slot.size(); at < key->size(); ++at) page = page << 8 | (*key)[at];
  if (page + data->size() / change_page_size > pages_of_slot) return malformed("a storage change ends beyond its slot");
  out.offset = static_cast<std::uint32_t>(page * change_page_size);
  out.data = std::move(*data);
  return out;
}

/// Whether slots that end where these changes do, filled with zeros before them, are more than a host keeps.
bool is_too_wide(const std::vector<storage_change>& changes) {
  std::uint64_t total = 0;
  for (std::size_t at = 0; at < changes.size(); ++at) {
    const bool is_last_of_slot = at + 1 == changes.size() || changes[at + 1].slot != changes[at].slot;
    if (is_last_of_slot) total += changes[at].offset + std::uint64_t{changes[at].data.size()};
  }
  return total > widest_changes;
}

status read_changes(calldata_map& map, std::vector<storage_change>& out) {
  const auto list = member<calldata_array>(map, "storage_changes");
  if (!list) return tl::unexpected{list.error()};
  if (!*list) return {};
  for (auto& entry : **list) {
    auto change = read_change(entry);
    if (!change) return tl::unexpected{change.error()};
    if (!out.empty()) {
      const auto& last = out.back();
      const bool follows =
          last.slot < change->slot ||
          (last.slot == change->slot && last.offset + std::uint64_t{last.data.size()} <= change->offset);
      if (!follows) return malformed("storage changes are out of order");
    }
    out.push_back(std::move(*change));
  }
  return {};
}

/// What of an emission becomes a message must be there; a message that is lost would take its money along.
status check_emission(const calldata_value& value) {
  const auto* emission = std::get_if<calldata_map>(&value.held);
  const auto* type = emission ? chain::find_as<std::string>(*emission, "type") : nullptr;
  if (!type) return malformed("an emission has no type");
  const bool posts = *type == "PostMessage", deploys = *type == "DeployContract", sends = *type == "EthSend";
  if (!posts && !deploys && !sends && *type != "EmitEvent") return malformed("an emission has an unknown type");
  if ((posts || sends) && !chain::find_as<chain::address20>(*emission, "address"))
    return malformed("an emission has no address");
  if (deploys && !chain::find_as<bytes>(*emission, "code")) return malformed("an emission has no code");
  if (posts || deploys) {
    if (!emission->contains("calldata")) return malformed("an emission has no calldata");
    const auto* on = chain::find_as<std::string>(*emission, "on");
    if (!on || (*on != "accepted" && *on != "finalized")) return malformed("an emission has another moment in on");
  }
  for (const char* name : {"value", "salt_nonce"}) {
    const auto found = emission->find(name);
    if (found == emission->end() || chain::is_null(found->second)) continue;
    const auto* number = std::get_if<chain::integer>(&found->second.held);
    if (!number || *number < 0) return malformed(std::string{"an emission has another type in "} + name);
  }
  if (deploys && !chain::find_as<chain::integer>(*emission, "salt_nonce"))
    return malformed("an emission has no salt_nonce");
  return {};
}

status read_emissions(calldata_map& map, calldata_array& out) {
  const auto list = member<calldata_array>(map, "emissions");
  if (!list) return tl::unexpected{list.error()};
  if (!*list) return {};
  for (const auto& entry : **list) {
    if (auto fine = check_emission(entry); !fine) return fine;
  }
  out = std::move(**list);
  return {};
}

status read_nondet(calldata_map& map, std::vector<bytes>& out) {
  const auto list = member<calldata_array>(map, "nondet_results");
  if (!list) return tl::unexpected{list.error()};
  if (!*list) return {};
  for (auto& entry : **list) {
    auto* held = std::get_if<bytes>(&entry.held);
    if (!held) return malformed("nondet_results are no bytes");
    out.push_back(std::move(*held));
  }
  return {};
}

result<bytes> blob_in(const json& value) {
  if (value.is_string()) {
    auto decoded = chain::from_base64(value.get_ref<const std::string&>());
    if (!decoded) return malformed("consumed_result is no base64");
    return std::move(*decoded);
  }
  if (!value.is_array()) return malformed("consumed_result is neither text nor a list");
  bytes out;
  out.reserve(value.size());
  for (const auto& entry : value) {
    const auto number = entry.is_number_integer() ? entry.get<std::int64_t>() : -1;
    if (number < 0 || number > 255) return malformed("consumed_result has no bytes");
    out.push_back(static_cast<std::uint8_t>(number));
  }
  return out;
}

std::string text_in(const json& status, const char* name) {
  const auto found = status.find(name);
  return found != status.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

result<run_result> decode_result(chain::bytes_view blob) {
  if (blob.empty() || blob[0] > static_cast<std::uint8_t>(result_kind::internal_error))
    return malformed("no such kind of result");
  auto value = chain::decode_calldata(blob.subspan(1));
  auto* map = value ? std::get_if<calldata_map>(&value->held) : nullptr;
  if (!map) return malformed("the result is no mapping");
  run_result out;
  out.kind = static_cast<result_kind>(blob[0]);
  if (const auto found = map->find("data"); found != map->end()) out.data = std::move(found->second);
  const bool is_text = std::holds_alternative<std::string>(out.data.held),
             is_map = std::holds_alternative<calldata_map>(out.data.held);
  if (!out.is_returned() && !is_text && !is_map) return malformed("an error has no text");
  if (auto read = read_changes(*map, out.storage); !read) return tl::unexpected{read.error()};
  if (auto read = read_emissions(*map, out.emissions); !read) return tl::unexpected{read.error()};
  if (auto read = read_nondet(*map, out.nondet_results); !read) return tl::unexpected{read.error()};
  // Only what returned has effects.
  if (!out.is_returned()) {
    out.storage.clear();
    out.emissions.clear();
  }
  if (is_too_wide(out.storage)) return vm_error("OOM storage");
  return out;
}

result<run_result> decode_status(const json& status) {
  if (!status.is_object()) return malformed("status is no object");
  const auto consumed = status.find("consumed_result");
  run_result out = internal_error("no_result");
  if (consumed != status.end() && !consumed->is_null()) {
    const auto blob = blob_in(*consumed);
    if (!blob) return tl::unexpected{blob.error()};
    auto decoded = decode_result(*blob);
    if (!decoded) return decoded;
    out = std::move(*decoded);
  }
  out.standard_output = text_in(status, "stdout");
  out.standard_error = text_in(status, "stderr");
  if (const auto log = status.find("genvm_log"); log != status.end() && log->is_array()) out.log = *log;
  return out;
}

}  // namespace quorate::engine::host
