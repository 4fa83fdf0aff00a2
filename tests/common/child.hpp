// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace quorate::tests {

/// Starts a program. Standard output and error go to `log` (appended); standard input is `input`, or /dev/null for -1.
/// Only descriptors 0 to 2 are inherited when everybody opens with O_CLOEXEC.
pid_t spawn_child(const std::vector<std::string>& command, const std::filesystem::path& log, int input = -1);
/// Waits for it to end; its exit code, or 128 + the signal's number.
int wait_child(pid_t pid);
/// The same command as user postgres when this process is root: PostgreSQL refuses to run as root.
std::vector<std::string> as_postgres(std::vector<std::string> command);

}  // namespace quorate::tests
