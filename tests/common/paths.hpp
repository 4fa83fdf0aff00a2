// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace quorate::tests {

/// The checkout's root, and a file below tests/data.
std::filesystem::path source_dir();
std::filesystem::path data_file(const std::filesystem::path& name);
/// The `quorate` executable of this build.
std::filesystem::path quorate_binary();

}  // namespace quorate::tests
