// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "chain/result.hpp"

namespace quorate::app {

/// Where an installation keeps PostgreSQL's programs.
struct program_places {
  std::filesystem::path versions{"/usr/lib/postgresql"};  // <version>/bin below it, as Debian has it
  std::filesystem::path pg_config{"/usr/bin/pg_config"};  // else what this one names
};

/// The directory that holds `initdb` and `postgres` of this major version ("15"); empty: of the newest there is. A
/// cluster can be served by the version that made it only. The error says what to install.
result<std::filesystem::path> find_postgres_programs(const std::string& version = {},
                                                     const program_places& places = {});

/// The major version that made the cluster in this directory; empty when there is none.
std::string cluster_version(const std::filesystem::path& cluster);

}  // namespace quorate::app
