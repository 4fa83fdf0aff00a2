// SPDX-License-Identifier: MIT
#include "engine/host/contract_state.hpp"

#include <algorithm>

#include "chain/base64.hpp"
#include "chain/contract_slots.hpp"
#include "chain/keccak.hpp"

namespace quorate::engine::host {

namespace {

using chain::bytes;
using chain::json;

tl::unexpected<error> damaged(std::string what) {
  return fail(errc::internal, "The contract's state is damaged", {}, std::move(what));
}

}  // namespace

result<contract_state> contract_state::from_json(const json& slots) {
  contract_state out;
  if (slots.is_null()) return out;
  if (!slots.is_object()) return damaged("the slots are no mapping");
  for (const auto& [name, value] : slots.items()) {
    const auto id = chain::from_base64(name);
    chain::word256 slot;
    if (!id || id->size() != slot.size()) return damaged("slot " + name);
    auto content = value.is_string() ? chain::from_base64(value.get_ref<const std::string&>()) : std::nullopt;
    if (!content) return damaged("content of slot " + name);
    std::ranges::copy(*id, slot.begin());
    out.slots_.emplace(slot, std::move(*content));
  }
  return out;
}

result<contract_state> contract_state::from_row(const json& data, bool finalized) {
  const auto found = data.is_object() ? data.find("state") : data.end();
  if (!data.is_object() || found == data.end()) return contract_state{};
  const bool has_levels = found->is_object() && (found->contains("accepted") || found->contains("finalized"));
  if (!has_levels) return finalized ? contract_state{} : from_json(*found);
  const auto level = found->find(finalized ? "finalized" : "accepted");
  return level == found->end() ? contract_state{} : from_json(*level);
}

void contract_state::read(const chain::word256& slot, std::uint32_t offset, std::span<std::uint8_t> out) const {
  std::ranges::fill(out, std::uint8_t{0});
  const auto found = slots_.find(slot);
  if (found == slots_.end() || offset >= found->second.size()) return;
  const auto count = std::min(out.size(), found->second.size() - offset);
  std::copy_n(found->second.begin() + offset, count, out.begin());
}

void contract_state::apply(const std::vector<storage_change>& changes) {
  for (const auto& change : changes) {
    auto& content = slots_[change.slot];
    const std::size_t end = std::size_t{change.offset} + change.data.size();
    if (content.size() < end) content.resize(end);
    std::ranges::copy(change.data, content.begin() + change.offset);
  }
}

bytes contract_state::code() const {
  const auto found = slots_.find(chain::code_slot());
  return found == slots_.end() ? bytes{} : chain::code_in_slot(found->second).value_or(bytes{});
}

void contract_state::set_code(chain::bytes_view code) {
  constexpr auto page = chain::storage_page_size;
  bytes content = chain::code_slot_content(code);
  content.resize((content.size() + page - 1) / page * page);
  slots_[chain::code_slot()] = std::move(content);
}

json contract_state::to_json() const {
  json out = json::object();
  for (const auto& [slot, content] : slots_) out[chain::to_base64(slot)] = chain::to_base64(content);
  return out;
}

std::string contract_state::hash() const {
  return chain::to_hex(chain::sha256(chain::as_bytes(chain::dump_json(to_json()))));
}

}  // namespace quorate::engine::host
