// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "chain/hex.hpp"
#include "chain/u256.hpp"

/// Whole numbers as big-endian bytes, the order of RLP, of the ABI and of everything that is hashed.
namespace quorate::chain {

/// 32 bytes: a number, a hash or a padded value.
using word256 = std::array<std::uint8_t, 32>;

integer from_big_endian(bytes_view data);
/// Without leading zero bytes; zero is the empty string. Throws std::range_error for a negative value.
bytes to_big_endian(const integer& value);
/// Padded to 32 bytes. Throws std::range_error for a negative value and for one of more than 256 bits.
word256 to_word(const integer& value);

inline void append(bytes& out, bytes_view more) { out.insert(out.end(), more.begin(), more.end()); }

}  // namespace quorate::chain
