// SPDX-License-Identifier: MIT
#include "rpc/methods/format/json_object.hpp"

#include <algorithm>

namespace quorate::rpc::methods {

namespace {

auto find(auto& members, std::string_view key) {
  return std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
}

}  // namespace

json_object& json_object::raw(std::string_view key, std::string value) {
  if (const auto found = find(members_, key); found != members_.end())
    found->second = std::move(value);
  else
    members_.emplace_back(key, std::move(value));
  return *this;
}

json_object& json_object::text(std::string_view key, std::string_view value) { return raw(key, json_string(value)); }

json_object& json_object::value(std::string_view key, const chain::json& value) {
  return raw(key, chain::dump_json(value));
}

void json_object::remove(std::string_view key) {
  if (const auto found = find(members_, key); found != members_.end()) members_.erase(found);
}

void json_object::rename(std::string_view from, std::string_view to) {
  if (const auto found = find(members_, from); found != members_.end()) found->first = to;
}

std::string json_object::str() const {
  std::size_t size = 2;
  for (const auto& [key, value] : members_) size += key.size() + value.size() + 4;
  std::string out;
  out.reserve(size);
  out.push_back('{');
  for (const auto& [key, value] : members_) {
    if (out.size() > 1) out.push_back(',');
    chain::append_quoted(out, key);
    out.push_back(':');
    out += value;
  }
  out.push_back('}');
  return out;
}

std::string json_array(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const auto& element : elements) {
    if (out.size() > 1) out.push_back(',');
    out += element;
  }
  out.push_back(']');
  return out;
}

std::string json_strings(const std::vector<std::string>& elements) {
  std::vector<std::string> texts(elements.size());
  std::transform(elements.begin(), elements.end(), texts.begin(),
                 [](const auto& element) { return json_string(element); });
  return json_array(texts);
}

std::string json_string(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  chain::append_quoted(out, text);
  return out;
}

std::string compact_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false, escaped = false;
  for (const char c : text) {
    if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) continue;
    out.push_back(c);
    if (escaped)
      escaped = false;
    else if (in_string && c == '\\')
      escaped = true;
    else if (c == '"')
      in_string = !in_string;
  }
  return out;
}

}  // namespace quorate::rpc::methods
