// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/vm/machine.hpp"

/// `_genlayer_wasi`, the module through which the SDK reaches the engine (engine/sdk/_genlayer_wasi.pyi).
namespace quorate::engine::python {

/// Must be called before the interpreter starts.
bool register_native_module();
/// The machine of this process's run; without one, everything is refused.
void set_current_machine(machine* run) noexcept;

}  // namespace quorate::engine::python
