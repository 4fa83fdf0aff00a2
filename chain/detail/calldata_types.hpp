// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace quorate::chain {

/// The low three bits of a value's header; the rest is a number, a length, a count or a code
/// (docs/spec/encoding.md §3.1).
enum class calldata_type : std::uint8_t { special, positive, negative, bytes, text, array, map, unassigned };
enum class calldata_special : std::uint8_t { null, no, yes, address };

}  // namespace quorate::chain
