// SPDX-License-Identifier: MIT
#include "chain/rlp.hpp"

#include <iterator>
#include <stdexcept>

namespace quorate::chain {

namespace {

constexpr std::size_t longest_short_form = 55;

bytes big_endian(const integer& value) {
  bytes out;
  if (value != 0) boost::multiprecision::export_bits(value, std::back_inserter(out), 8);
  return out;
}

/// `short_base` is 0x80 for strings, 0xc0 for lists; 56 bytes and more name the length of their length.
bytes header(std::size_t payload, std::uint8_t short_base) {
  if (payload <= longest_short_form) return {static_cast<std::uint8_t>(short_base + payload)};
  bytes out = big_endian(integer{payload});
  out.insert(out.begin(), static_cast<std::uint8_t>(short_base + longest_short_form + out.size()));
  return out;
}

}  // namespace

bytes rlp_string(bytes_view data) {
  // A single byte below 0x80 is its own encoding.
  if (data.size() == 1 && data[0] < 0x80) return {data[0]};
  bytes out = header(data.size(), 0x80);
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

bytes rlp_integer(const integer& value) {
  if (value < 0) throw std::range_error{"RLP has no negative integers"};
  return rlp_string(big_endian(value));
}

bytes rlp_list(std::span<const bytes> encoded_items) {
  std::size_t payload = 0;
  for (const auto& item : encoded_items) payload += item.size();
  bytes out = header(payload, 0xc0);
  out.reserve(out.size() + payload);
  for (const auto& item : encoded_items) out.insert(out.end(), item.begin(), item.end());
  return out;
}

}  // namespace quorate::chain
