// SPDX-License-Identifier: MIT
#include "chain/u256.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

#include "chain/hex.hpp"

namespace quorate::chain {

std::string to_hex_quantity(std::uint64_t value) {
  char text[2 + 16] = {'0', 'x'};
  const auto end = std::to_chars(text + 2, text + sizeof text, value, 16).ptr;
  return {text, end};
}

std::string to_hex_quantity(const integer& value) {
  if (value.sign() < 0) return "-" + to_hex_quantity(integer{-value});
  if (value <= std::numeric_limits<std::uint64_t>::max()) return to_hex_quantity(static_cast<std::uint64_t>(value));
  // Through bytes: Boost's own text takes time that grows with the square of the length.
  bytes whole;
  boost::multiprecision::export_bits(value, std::back_inserter(whole), 8);
  std::string out = to_hex_0x(whole);
  if (out[2] == '0') out.erase(2, 1);
  return out;
}

std::string to_decimal(const integer& value) { return value.str(); }

std::optional<integer> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > max_integer_digits) return std::nullopt;
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  // A leading zero would make Boost read an octal number.
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  integer value{digits};
  if (negative) value = -value;
  return value;
}

std::optional<integer> parse_hex_quantity(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  const std::string_view digits = text.substr(2);
  if (digits.empty() || digits.size() > max_integer_digits || !is_hex(digits)) return std::nullopt;
  return integer{text};
}

}  // namespace quorate::chain
