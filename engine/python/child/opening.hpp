// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/link/orders.hpp"

/// What the engine itself reads of a contract before its code runs.
namespace quorate::engine::python {

class process_surroundings;

/// The contract's code; empty when it has none, or more than longest_code.
std::optional<chain::bytes> read_code(process_surroundings& outside);
inline constexpr std::size_t longest_code = std::size_t{16} << 20;

/// Balance, and what is locked for this sender (docs/spec/genvm.md §3.6). Empty when the lists make no sense, or the
/// host is gone.
std::optional<run_opening> read_opening(process_surroundings& outside, const run_message& message);

}  // namespace quorate::engine::python
