// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <optional>
#include <span>

#include "chain/keccak.hpp"

/// Time and chance as a run sees them: the same on every node. The functions of libc that give them are replaced in the
/// engine's executable (engine/process/overrides.cpp) by ones that ask here.
namespace quorate::engine::python {

/// From here on, every clock of this process stands still.
void freeze_clock(timespec now) noexcept;
/// Empty as long as clocks run.
std::optional<timespec> frozen_clock() noexcept;

/// From here on, entropy follows from the seed: SHA3-256 of seed and counter.
void seed_entropy(const chain::hash256& seed) noexcept;
/// In a block of non-deterministic code it is the system's again.
void release_entropy() noexcept;
/// False: it is the system's.
bool fill_entropy(std::span<std::uint8_t> out);

}  // namespace quorate::engine::python
