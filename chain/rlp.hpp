// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "chain/hex.hpp"
#include "chain/result.hpp"
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

/// One decoded item. The views point into the input, which must outlive it.
struct rlp_item {
  bytes_view encoded;           // as it was received, header included
  bytes_view data;              // the bytes of a string; of a list what its items take
  std::vector<rlp_item> items;  // of a list
  bool is_list = false;
};

struct rlp_limits {
  std::size_t depth = 64;       // nesting of lists; also bounds the recursion
  std::size_t items = 100'000;  // strings and lists of all levels
};

/// Decodes exactly one item, to the letter: minimal headers, nothing announced that is not there, no byte behind it.
/// errc::invalid_params "Invalid RLP: …" otherwise.
result<rlp_item> decode_rlp(bytes_view data, const rlp_limits& limits = {});

}  // namespace quorate::chain
