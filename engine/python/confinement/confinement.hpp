// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include "engine/python/confinement/landlock.hpp"
#include "engine/python/confinement/layers.hpp"
#include "engine/python/confinement/seccomp_filter.hpp"

namespace quorate::engine::python {

/// Bounds of one run's process.
struct run_limits {
  std::uint64_t memory = std::uint64_t{1} << 30;  // bytes of address space
  std::uint64_t cpu_seconds = 1200;
  std::uint64_t processes = 16;  // holds where every run has a user of its own
};

/// Everything that is prepared once and entered by every run.
class confinement {
 public:
  /// Without seccomp it is an error, unless `allow_without_seccomp`.
  static result<confinement> prepare(run_limits limits, bool allow_without_seccomp);

  /// In the process of a run: there is no way back. `user` is its own when root started the engine. False when a layer
  /// that was promised cannot be had.
  bool enter(uid_t user) const noexcept;
  active_layers layers() const;
  /// The one descriptor that a run needs to enter; -1 when none.
  int descriptor_number() const noexcept { return ruleset_.get(); }

 private:
  run_limits limits_{};
  std::vector<sock_filter> filter_{};
  descriptor ruleset_{};
};

}  // namespace quorate::engine::python
