// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "chain/result.hpp"
#include "config/values.hpp"

namespace quorate::config {

using environment = std::map<std::string, std::string, std::less<>>;

/// The environment of this process.
environment process_environment();

/// What the command line said: `flag` (as written, for messages) and text per key.
struct flag_value {
  std::string flag;
  std::string text;
};
struct command_line {
  std::optional<std::filesystem::path> file;  // --config
  std::map<std::string, flag_value, std::less<>> settings;
};

/// The file that is read: `--config`, else $QUORATE_CONFIG, else /etc/quorate/quorate.toml when it exists.
std::optional<std::filesystem::path> file_to_read(const command_line& flags, const environment& env);

/// Flag before environment before file before default. An error names the key, the source and what is allowed.
/// Environment variables that are set but empty count as unset (compose files write them so).
result<values> load(const command_line& flags, const environment& env,
                    const std::optional<std::filesystem::path>& file);

/// The same with file_to_read() and process_environment(): what app calls.
result<values> load(const command_line& flags);

/// Where the private cluster lives: the setting, or the default of this user (docs/configure.md, `data_dir`).
std::filesystem::path data_directory(const values& settings, const environment& env, bool is_root);

}  // namespace quorate::config
