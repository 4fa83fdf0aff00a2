// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace quorate::engine::python {

/// What keeps contracts in. Each is used where the kernel gives it; only without seccomp does the engine refuse to run.
struct active_layers {
  bool seccomp = false;
  /// The ABI version of the kernel's Landlock, 0 without.
  int landlock = 0;
  bool network_namespace = false;
  bool process_namespace = false;
  bool user_namespace = false;
  /// Every run has a user of its own: only root can do that.
  bool own_user = false;
};

/// "seccomp, landlock 4, network namespace, …", for logs and `quorate doctor`.
std::string text_of(const active_layers& layers);

}  // namespace quorate::engine::python
