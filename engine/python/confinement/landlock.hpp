// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/link/descriptor.hpp"

namespace quorate::engine::python {

/// The ABI version that the kernel offers; 0 without Landlock.
int landlock_version() noexcept;
/// A ruleset by which Python's own library can be read, and nothing else of the file system be touched. Empty without
/// Landlock.
descriptor make_landlock_ruleset();
/// In the run's process, after no_new_privs.
bool enter_landlock(const descriptor& ruleset) noexcept;

}  // namespace quorate::engine::python
