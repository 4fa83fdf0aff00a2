// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace quorate::engine::python {

struct manager_options {
  std::string listen = "127.0.0.1:3999";
  /// Ends with whoever started it.
  bool die_with_parent = false;
  /// Contracts run although the kernel has no seccomp.
  bool allow_without_seccomp = false;
  /// Whose /render shows web pages; empty: a browser of ours.
  std::string webdriver{};
};

/// Prints what shows web pages, and on the last line what contracts would be confined by; the exit status is 1 when
/// they could not be run.
int probe_confinement(const manager_options& options);

/// Serves until SIGTERM or SIGINT; the exit status.
int run_manager(const manager_options& options);

}  // namespace quorate::engine::python
