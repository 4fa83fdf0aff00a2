// SPDX-License-Identifier: MIT
#include "rpc/socket_message.hpp"

#include <optional>

#include "chain/json_reader.hpp"
#include "chain/utf8.hpp"

namespace quorate::rpc {

namespace {

using kind = socket_message::kind;

socket_message odd(std::string complaint) {
  socket_message m;
  m.complaint = std::move(complaint);
  return m;
}

socket_message of_kind(kind what) {
  socket_message m;
  m.what = what;
  return m;
}

/// The members of a message's object that decide what it is. Values are passed over, not built.
struct members {
  bool is_call = false;
  std::optional<std::string_view> event, data;  // JSON text
};

bool read_members(chain::json_reader& reader, members& out) {
  auto level = reader.enter();
  std::string key;
  while (reader.next_member(level, key)) {
    const auto value = reader.skip();
    if (!value) return false;
    if (key == "event")
      out.event = value;
    else if (key == "data")
      out.data = value;
    else if (key == "jsonrpc" || key == "method")
      out.is_call = true;
  }
  return !reader.failed() && reader.finish();
}

/// A string, or an array of strings.
std::optional<std::vector<std::string>> read_topics(std::string_view data, const chain::json_limits& limits) {
  const auto value = chain::parse_json(data, limits);
  if (!value) return std::nullopt;
  if (value->is_string()) return std::vector{value->get<std::string>()};
  if (!value->is_array()) return std::nullopt;
  std::vector<std::string> topics;
  for (const auto& one : *value) {
    if (!one.is_string()) return std::nullopt;
    topics.push_back(one.get<std::string>());
  }
  return topics;
}

socket_message room_message_of(kind what, std::string_view name, const std::optional<std::string_view>& data,
                               const chain::json_limits& limits) {
  auto topics = data ? read_topics(*data, limits) : std::nullopt;
  if (!topics) return odd("Invalid " + std::string{name} + " payload; expected string or list of strings");
  auto m = of_kind(what);
  m.topics = std::move(*topics);
  return m;
}

socket_message ping_of(const std::optional<std::string_view>& data, const chain::json_limits& limits) {
  auto m = of_kind(kind::ping);
  if (!data) return m;
  const auto value = chain::parse_json(*data, limits);
  if (!value || !(value->is_object() || value->is_null())) return odd("Invalid ping payload; expected object");
  if (value->is_object() && value->contains("timestamp")) m.timestamp = chain::dump_json((*value)["timestamp"]);
  return m;
}

}  // namespace

socket_message read_socket_message(std::string_view text, const chain::json_limits& limits) {
  chain::json_reader reader{text, limits};
  const auto first = reader.peek();
  if (first == chain::json_kind::array) return of_kind(kind::call);
  if (first != chain::json_kind::object) {
    const bool valid = reader.skip().has_value() && reader.finish();
    return odd(valid ? "Invalid message; expected an object" : "Invalid JSON");
  }
  members found;
  if (!read_members(reader, found)) return odd("Invalid JSON");
  if (found.is_call && !found.event) return of_kind(kind::call);
  const auto event = found.event ? chain::parse_json(*found.event, limits) : result<chain::json>{nullptr};
  auto other = of_kind(kind::other);
  if (!event || event->is_null()) return other;
  other.name = event->is_string() ? event->get<std::string>() : chain::dump_json(*event);
  if (other.name == "subscribe") return room_message_of(kind::subscribe, other.name, found.data, limits);
  if (other.name == "unsubscribe") return room_message_of(kind::unsubscribe, other.name, found.data, limits);
  if (other.name == "ping") return ping_of(found.data, limits);
  other.name = chain::excerpt(other.name);
  return other;
}

std::string event_text(std::string_view event, std::string_view data) {
  std::string out = R"({"event":)";
  chain::append_quoted(out, event);
  return out.append(R"(,"data":)").append(data).append("}");
}

std::string event_words(std::string_view event, std::string_view words) {
  std::string quoted;
  chain::append_quoted(quoted, words);
  return event_text(event, quoted);
}

}  // namespace quorate::rpc
