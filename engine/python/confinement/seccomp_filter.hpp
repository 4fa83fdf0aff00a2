// SPDX-License-Identifier: MIT
#pragma once

#include <linux/filter.h>

#include <vector>

#include "chain/result.hpp"

namespace quorate::engine::python {

/// The system calls of a contract's process; all others are answered EPERM. Made once, before the first fork.
result<std::vector<sock_filter>> make_seccomp_filter();
/// In the run's process, after no_new_privs; false when the kernel has no seccomp.
bool install_seccomp_filter(const std::vector<sock_filter>& filter) noexcept;

}  // namespace quorate::engine::python
