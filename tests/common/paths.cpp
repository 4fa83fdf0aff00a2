// SPDX-License-Identifier: MIT
#include "tests/common/paths.hpp"

namespace quorate::tests {

std::filesystem::path source_dir() { return QUORATE_SOURCE_DIR; }
std::filesystem::path data_file(const std::filesystem::path& name) { return source_dir() / "tests" / "data" / name; }
std::filesystem::path quorate_binary() { return QUORATE_BINARY; }

}  // namespace quorate::tests
