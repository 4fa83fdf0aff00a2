// SPDX-License-Identifier: MIT
#pragma once

#include "config/load.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace quorate::config {

/// Gives `command` the table's flags, `--config FILE` and `--set key=value` for every option without a flag of its own.
/// `into` must outlive the parse; pass it to load() afterwards.
void add_flags(CLI::App& command, command_line& into);

}  // namespace quorate::config
