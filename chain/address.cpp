// SPDX-License-Identifier: MIT
#include "chain/address.hpp"

#include "chain/keccak.hpp"

namespace quorate::chain {

namespace {

constexpr std::size_t digits_size = address_text_size - 2;

/// `lower`: 0x and 40 lower-case digits; digit i becomes a capital when nibble i of their hash is above 7 (EIP-55).
void apply_checksum(std::string& lower) {
  const hash256 hash = keccak256(std::string_view{lower}.substr(2));
  for (std::size_t i = 0; i < digits_size; ++i) {
    const int nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
    char& c = lower[2 + i];
    if (nibble > 7 && c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
}

}  // namespace

bool is_address(std::string_view text) {
  const std::string_view digits = without_prefix(text);
  return digits.size() == digits_size && is_hex(digits);
}

std::optional<std::string> normalize_address(std::string_view text) {
  const std::string_view digits = without_prefix(text);
  if (digits.size() != digits_size) return std::nullopt;
  std::string out(address_text_size, '0');
  out[1] = 'x';
  for (std::size_t i = 0; i < digits_size; ++i) {
    const char c = digits[i];
    if (hex_digit(c) < 0) return std::nullopt;
    out[2 + i] = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  apply_checksum(out);
  return out;
}

bool is_checksum_address(std::string_view text) {
  const auto canonical = normalize_address(text);
  return canonical && *canonical == text;
}

std::optional<std::string> address_text(bytes_view address) {
  if (address.size() * 2 != digits_size) return std::nullopt;
  std::string out = to_hex_0x(address);
  apply_checksum(out);
  return out;
}

}  // namespace quorate::chain
