// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/confinement/confinement.hpp"

namespace quorate::engine::python {

/// The process that holds Python with the SDK loaded, never runs a contract, and forks for each run. Nothing that a run
/// can see depends on the runs before it: between forks, nothing here allocates. Serves orders (messages.hpp) until the
/// manager is gone; the exit status.
int serve_zygote(int orders, bool allow_without_seccomp);

}  // namespace quorate::engine::python
