// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chain/json.hpp"

namespace quorate::rpc::methods {

/// A JSON object written as text, members in the order they were set. Values that are JSON text already (columns of the
/// database) go in without being parsed. Setting a member again replaces it where it stands.
class json_object {
 public:
  /// `value` is JSON text.
  json_object& raw(std::string_view key, std::string value);
  json_object& text(std::string_view key, std::string_view value);
  json_object& value(std::string_view key, const chain::json& value);
  json_object& boolean(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  json_object& null(std::string_view key) { return raw(key, "null"); }
  json_object& number(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
  json_object& number(std::string_view key, const chain::integer& value) { return raw(key, value.str()); }

  json_object& text(std::string_view key, const std::optional<std::string>& value) {
    return value ? text(key, std::string_view{*value}) : null(key);
  }
  json_object& text(std::string_view key, const char* value) { return text(key, std::string_view{value}); }
  json_object& text(std::string_view key, const std::string& value) { return text(key, std::string_view{value}); }
  template <class Integer>
  json_object& number(std::string_view key, const std::optional<Integer>& value) {
    return value ? number(key, *value) : null(key);
  }

  void remove(std::string_view key);
  /// Moves a member's value to another name, at the same place.
  void rename(std::string_view from, std::string_view to);
  std::string str() const;

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

/// JSON text of an array whose elements are JSON text.
std::string json_array(const std::vector<std::string>& elements);
/// JSON text of an array: `format` gives each element of `rows` as JSON text.
template <class Rows, class Format>
std::string json_array(const Rows& rows, Format format) {
  std::vector<std::string> elements;
  elements.reserve(rows.size());
  for (const auto& row : rows) elements.push_back(format(row));
  return json_array(elements);
}
/// JSON text of an array of strings.
std::string json_strings(const std::vector<std::string>& elements);
std::string json_string(std::string_view text);
/// The same JSON without white space outside strings: PostgreSQL prints jsonb with some. No token is touched.
std::string compact_json(std::string_view text);

}  // namespace quorate::rpc::methods
