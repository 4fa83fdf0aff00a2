// SPDX-License-Identifier: MIT
#include "actors/events.hpp"

#include <algorithm>

#include "chain/address.hpp"
#include "chain/json.hpp"

namespace quorate::actors {

namespace {

constexpr std::size_t hash_text_size = 66;

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":");
  chain::append_quoted(out, value);
}
void append_member(std::string& out, std::string_view name, const std::optional<std::string>& value) {
  if (value) return append_member(out, name, std::string_view{*value});
  out.append(",\"").append(name).append("\":null");
}

}  // namespace

std::string room_of(std::string_view topic) {
  if (!topic.starts_with("0x")) return std::string{topic};
  if (topic.size() == chain::address_text_size) {
    if (auto address = chain::normalize_address(topic)) return std::move(*address);
  }
  std::string room{topic};
  if (topic.size() == hash_text_size && chain::is_hex(topic.substr(2))) {
    std::transform(room.begin(), room.end(), room.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c; });
  }
  return room;
}

std::string to_text(const log_event& e) {
  std::string out = R"({"event":)";
  out.reserve(256 + e.data.size() + e.message.size());
  chain::append_quoted(out, e.name);
  if (e.bare) return out.append(R"(,"data":)").append(e.data) + '}';
  out += R"(,"data":{"name":)";
  chain::append_quoted(out, e.name);
  append_member(out, "type", std::string_view{e.type});
  append_member(out, "scope", std::string_view{e.scope});
  append_member(out, "message", std::string_view{e.message});
  out.append(R"(,"data":)").append(e.data);
  append_member(out, "transaction_hash", e.transaction_hash);
  append_member(out, "client_id", e.client_id);
  append_member(out, "account_address", e.account_address);
  return out += "}}";
}

}  // namespace quorate::actors
