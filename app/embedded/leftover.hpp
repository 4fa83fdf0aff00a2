// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "chain/result.hpp"

namespace quorate::app {

/// The process that a cluster's postmaster.pid names. After a power cut or in a container the number may by now belong
/// to anybody, Quorate itself included.
struct postmaster {
  enum class kind {
    none,     // no such file, or no such process
    own,      // a server of this cluster
    foreign,  // something else
    unknown   // a server, but this user may not see of which cluster: PostgreSQL itself has to find out
  } is = kind::none;
  pid_t pid = 0;
};
postmaster find_postmaster(const std::filesystem::path& cluster);

/// Makes way for a new server: one left over from a killed Quorate is already on its way down and is waited for, and
/// hurried when it is not; a file that names a foreign process is removed, the process left alone. Call with the data
/// directory locked.
status clear_leftover(const std::filesystem::path& cluster);

}  // namespace quorate::app
