// SPDX-License-Identifier: MIT
#include "chain/rlp.hpp"

#include "chain/big_endian.hpp"

namespace quorate::chain {

namespace {

constexpr std::size_t longest_short_form = 55;

/// `short_base` is 0x80 for strings, 0xc0 for lists; 56 bytes and more name the length of their length.
bytes rlp_header(std::size_t payload, std::uint8_t short_base) {
  if (payload <= longest_short_form) return {static_cast<std::uint8_t>(short_base + payload)};
  bytes out = to_big_endian(integer{payload});
  out.insert(out.begin(), static_cast<std::uint8_t>(short_base + longest_short_form + out.size()));
  return out;
}

}  // namespace

bytes rlp_string(bytes_view data) {
  // A single byte below 0x80 is its own encoding.
  if (data.size() == 1 && data[0] < 0x80) return {data[0]};
  bytes out = rlp_header(data.size(), 0x80);
  append(out, data);
  return out;
}

bytes rlp_integer(const integer& value) { return rlp_string(to_big_endian(value)); }

bytes rlp_list(std::span<const bytes> encoded_items) {
  std::size_t payload = 0;
  for (const auto& item : encoded_items) payload += item.size();
  bytes out = rlp_header(payload, 0xc0);
  out.reserve(out.size() + payload);
  for (const auto& item : encoded_items) append(out, item);
  return out;
}

}  // namespace quorate::chain
