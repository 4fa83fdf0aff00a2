// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quorate::chain {

using bytes = std::vector<std::uint8_t>;
using bytes_view = std::span<const std::uint8_t>;

/// The bytes of a text, without copying.
inline bytes_view as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Value of one hex digit, -1 for any other character.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
bool is_hex(std::string_view digits);
/// `text` without its `0x` or `0X`, if it has one.
std::string_view without_prefix(std::string_view text);

/// Lower-case digits, two per byte.
void append_hex(std::string& out, bytes_view data);
std::string to_hex(bytes_view data);
/// The same behind `0x`.
std::string to_hex_0x(bytes_view data);

/// What to do with an odd number of digits: raw transactions get one zero in front (docs/spec/encoding.md §1.1).
enum class odd_digits { refuse, pad_left };
/// Digits of either case behind an optional `0x` or `0X`. Empty for anything else.
std::optional<bytes> from_hex(std::string_view text, odd_digits odd = odd_digits::refuse);

}  // namespace quorate::chain
