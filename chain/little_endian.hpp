// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "chain/hex.hpp"

/// Whole numbers as little-endian bytes, the order of contracts' storage and of everything that engines say
/// (docs/spec/genvm.md §1.4, §3).
namespace quorate::chain {

/// The lowest `size` bytes, at most eight.
inline void append_little_endian(bytes& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Of at most eight bytes.
inline std::uint64_t from_little_endian(bytes_view data) {
  std::uint64_t out = 0;
  for (std::size_t i = data.size(); i-- > 0;) out = out << 8 | data[i];
  return out;
}

}  // namespace quorate::chain
