// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/big_endian.hpp"

/// What every contract's storage has in the same places (docs/spec/genvm.md §3.1).
namespace quorate::chain {

/// Bytes of a slot, and of the pages in which changes of it are told (§1.3).
inline constexpr std::uint64_t storage_slot_size = std::uint64_t{1} << 32;
inline constexpr std::size_t storage_page_size = 32;

/// A length of four bytes and then the code.
const word256& code_slot();
/// A count of four bytes and then ids of 32 bytes each.
const word256& locked_slot();
/// A count of four bytes and then addresses of 20 bytes each.
const word256& upgraders_slot();

/// What the code's slot holds for this code.
bytes code_slot_content(bytes_view code);
/// The code in such content; empty when it is shorter than it says.
std::optional<bytes> code_in_slot(bytes_view content);

}  // namespace quorate::chain
