// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/vm/pages.hpp"

/// The slots of every contract that the engine itself reads (docs/spec/genvm.md §3.1).
namespace quorate::engine::python {

/// sha3_256(root ‖ offset): a length of four bytes and then the code.
const slot_id& code_slot();
/// A count of four bytes and then ids of 32 bytes each.
const slot_id& locked_slot();
/// A count of four bytes and then addresses of 20 bytes each.
const slot_id& upgraders_slot();

/// What the code's slot holds for this code.
chain::bytes code_content(chain::bytes_view code);
/// A number as storage has it.
std::uint32_t little_endian(std::span<const std::uint8_t, 4> data);

}  // namespace quorate::engine::python
