// SPDX-License-Identifier: MIT
#include "chain/hex.hpp"

#include <algorithm>

namespace quorate::chain {

bool is_hex(std::string_view digits) {
  return std::all_of(digits.begin(), digits.end(), [](char c) { return hex_digit(c) >= 0; });
}

std::string_view without_prefix(std::string_view text) {
  if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text.remove_prefix(2);
  return text;
}

void append_hex(std::string& out, bytes_view data) {
  static constexpr char digits[] = "0123456789abcdef";
  const std::size_t start = out.size();
  out.resize(start + 2 * data.size());
  char* to = out.data() + start;
  for (const std::uint8_t byte : data) {
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
  }
}

std::string to_hex(bytes_view data) {
  std::string out;
  append_hex(out, data);
  return out;
}

std::string to_hex_0x(bytes_view data) {
  std::string out;
  out.reserve(2 + 2 * data.size());
  out = "0x";
  append_hex(out, data);
  return out;
}

std::optional<bytes> from_hex(std::string_view text, odd_digits odd) {
  const std::string_view digits = without_prefix(text);
  const bool is_odd = digits.size() % 2 != 0;
  if ((is_odd && odd == odd_digits::refuse) || !is_hex(digits)) return std::nullopt;
  bytes out;
  out.reserve((digits.size() + 1) / 2);
  std::size_t at = 0;
  if (is_odd) out.push_back(static_cast<std::uint8_t>(hex_digit(digits[at++])));
  for (; at < digits.size(); at += 2) {
    out.push_back(static_cast<std::uint8_t>(hex_digit(digits[at]) << 4 | hex_digit(digits[at + 1])));
  }
  return out;
}

}  // namespace quorate::chain
