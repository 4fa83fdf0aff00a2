// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "chain/address.hpp"
#include "chain/utf8.hpp"
#include "rpc/bind.hpp"

/// The types a parameter can have: what is accepted, and the one form in which handlers get it.
namespace quorate::rpc {

namespace {

tl::unexpected<error> refuse(std::string_view name, std::string_view expected) {
  return fail(errc::invalid_params, fmt::format("Invalid parameter {}: expected {}", name, expected));
}

/// A caller's value inside a message.
std::string shown(const json& value) {
  return chain::excerpt(value.is_string() ? value.get_ref<const std::string&>() : chain::dump_json(value));
}

/// PostgreSQL's text cannot hold U+0000, and no name, code or key needs it.
bool is_text(const json& value) {
  return value.is_string() && value.get_ref<const std::string&>().find('\0') == std::string::npos;
}

status address(json& value, std::string_view refusal) {
  if (value.is_string()) {
    if (auto canonical = chain::normalize_address(value.get_ref<const std::string&>())) {
      value.get_ref<std::string&>() = std::move(*canonical);
      return {};
    }
  }
  std::string message{refusal.empty() ? "Incorrect address format. Please provide a valid address" : refusal};
  if (!value.is_null() && !(value.is_string() && value.get_ref<const std::string&>().empty())) {
    message += ": " + shown(value);
  }
  return fail(errc::invalid_params, std::move(message));
}

status hash(std::string_view name, json& value) {
  static constexpr std::size_t size = 2 + 64;
  if (!value.is_string()) return refuse(name, "a hash of 0x and 64 hex digits");
  auto& text = value.get_ref<std::string&>();
  if (text.size() != size || !text.starts_with("0x") || !chain::is_hex(std::string_view{text}.substr(2))) {
    return refuse(name, "a hash of 0x and 64 hex digits");
  }
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  return {};
}

status whole_number(std::string_view name, json& value) {
  if (value.is_number_integer() && !value.is_number_unsigned()) return {};
  const auto number = chain::as_integer(value);
  if (!number) return refuse(name, "an integer");
  if (*number < std::numeric_limits<std::int64_t>::min() || *number > std::numeric_limits<std::int64_t>::max()) {
    return refuse(name, "an integer of at most 64 bits");
  }
  value = static_cast<std::int64_t>(*number);
  return {};
}

/// Whatever a client may write for wei; numeric(78,0) is what the database can hold.
status amount(std::string_view name, json& value) {
  static constexpr std::size_t most_digits = 78;
  auto number = chain::as_integer(value);
  if (!number && value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    number = text.starts_with("0x") ? chain::parse_hex_quantity(text) : chain::parse_decimal(text);
  }
  if (!number) return refuse(name, "a whole number");
  if (number->sign() < 0) return refuse(name, "a number that is not negative");
  std::string digits = chain::to_decimal(*number);
  if (digits.size() > most_digits) return refuse(name, "a number of at most 78 digits");
  value = std::move(digits);
  return {};
}

/// docs/spec/json-rpc.md §8.3, decisions.md Q34; `0x` is optional, as upstream.
status block(json& value) {
  static constexpr std::string_view tags[] = {"latest", "earliest", "pending", "safe", "finalized"};
  static constexpr std::size_t most_digits = 15;  // fits int64
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (std::find(std::begin(tags), std::end(tags), text) != std::end(tags)) return {};
    std::string_view digits = chain::without_prefix(text);
    if (!digits.empty() && chain::is_hex(digits)) {
      digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
      if (digits.size() <= most_digits) {
        value = chain::to_hex_quantity(*chain::parse_hex_quantity("0x" + std::string{digits}));
        return {};
      }
    }
  }
  return fail(errc::invalid_params, "Invalid block number format: " + shown(value));
}

}  // namespace

status check_type(const param& declared, json& value) {
  const std::string& name = declared.name;
  switch (declared.type) {
    case param_type::any: return {};
    case param_type::address: return address(value, declared.refusal);
    case param_type::hash: return hash(name, value);
    case param_type::string:
      if (is_text(value)) return {};
      return refuse(name, value.is_string() ? "a string without U+0000" : "a string");
    case param_type::integer: return whole_number(name, value);
    case param_type::amount: return amount(name, value);
    case param_type::boolean:
      if (value.is_boolean()) return {};
      return refuse(name, "a boolean");
    case param_type::object:
      if (value.is_object()) return {};
      return refuse(name, "an object");
    case param_type::array:
      if (value.is_array()) return {};
      return refuse(name, "an array");
    case param_type::strings:
      if (value.is_array() && std::all_of(value.begin(), value.end(), is_text)) return {};
      return refuse(name, "an array of strings");
    case param_type::block: return block(value);
  }
  return refuse(name, "another type");
}

}  // namespace quorate::rpc
