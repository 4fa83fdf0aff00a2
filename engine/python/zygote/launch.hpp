// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include "chain/result.hpp"
#include "engine/python/confinement/layers.hpp"
#include "engine/python/link/descriptor.hpp"

namespace quorate::engine::python {

struct launched_zygote {
  pid_t pid = -1;
  descriptor orders{};
  /// Only what the namespaces give; the rest is the zygote's own to tell.
  active_layers layers{};
};

/// Starts this executable anew as a zygote: in namespaces of its own, without randomised addresses, environment or
/// descriptors.
result<launched_zygote> launch_zygote(bool allow_without_seccomp);

}  // namespace quorate::engine::python
