// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "config/load.hpp"

/// The two sources that need reading: a TOML file and the environment. Each writes into `into` what it holds.
namespace quorate::config::detail {

status read_file(const std::filesystem::path& file, values& into);
status read_environment(const environment& env, values& into);

/// `database.pool.size = 0 (DATABASE_POOL_SIZE) is outside the allowed 1 to 1000`; secrets are not quoted.
tl::unexpected<error> refused(const option& o, std::string_view written, std::string_view origin, std::string_view why);

/// ` Did you mean database.pool.size?`, or nothing when no key is near.
std::string suggestion(std::string_view unknown);

/// A whole small text file; the error names it.
result<std::string> read_text(const std::filesystem::path& file);

}  // namespace quorate::config::detail
