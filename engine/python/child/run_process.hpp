// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/confinement/confinement.hpp"

namespace quorate::engine::python {

/// What the process of a run has besides its standard streams.
struct run_streams {
  int host = -1;     // the host's socket, connected; shared with the runs that wait for this one
  int control = -1;  // frames to and from the manager
};

/// The whole life of a run's process: takes its order, shuts itself in, runs the contract, reports, ends.
[[noreturn]] void run_process(run_streams streams, const confinement& walls, uid_t user);

}  // namespace quorate::engine::python
