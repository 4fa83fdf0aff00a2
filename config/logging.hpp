// SPDX-License-Identifier: MIT
#pragma once

#include "chain/result.hpp"
#include "config/values.hpp"

namespace quorate::config {

/// Sends the events of chain/log.hpp where log.file says, in the form of log.format, from log.level on. Called at
/// start, and again on SIGHUP: the file is then opened anew, which is what log rotation needs. On an error the old
/// state stays.
status install_logging(const values& settings);

}  // namespace quorate::config
