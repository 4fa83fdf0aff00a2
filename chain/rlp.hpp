// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "chain/hex.hpp"
#include "chain/u256.hpp"

/// Recursive length prefix, the one canonical encoding of byte strings and lists (docs/spec/encoding.md §1.5, §4.5).
/// Items are encoded inside out: `rlp_list` takes what the others returned.
namespace quorate::chain {

bytes rlp_string(bytes_view data);
inline bytes rlp_string(std::string_view text) { return rlp_string(as_bytes(text)); }
/// Minimal big-endian bytes; zero is the empty string. Throws std::range_error for a negative value.
bytes rlp_integer(const integer& value);
/// A list of items that are encoded already.
bytes rlp_list(std::span<const bytes> encoded_items);
inline bytes rlp_list(std::initializer_list<bytes> encoded_items) {
  return rlp_list(std::span<const bytes>{encoded_items.begin(), encoded_items.size()});
}

}  // namespace quorate::chain
