// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/values.hpp"

/// Everything that is written out of the table. The files in the tree are compared with these by a test and rewritten
/// by
/// `./dev format`.
namespace quorate::config {

/// The options, by section, as the tail of `quorate --help` and `quorate config --help`.
std::string help_text();

/// What `quorate config` prints: valid TOML, one `key = value  # source` line per option; secrets are `***`.
std::string print(const values& of);
/// The same as a JSON object: key → {value, source, origin}.
std::string print_json(const values& of);

/// config/quorate.toml: every option, commented out, with its default and help.
std::string sample_file();
/// docs/configure.md.
std::string reference_page();
/// docs/quorate.1.
std::string man_page();

/// Path in the source tree and content of each generated file.
std::vector<std::pair<std::string, std::string>> generated_files();

}  // namespace quorate::config
