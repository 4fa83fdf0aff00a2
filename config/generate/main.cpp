// SPDX-License-Identifier: MIT
// Rewrites the files that are generated from the table of options: quorate_generate <source directory>.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "config/generate.hpp"

int main(int argc, char** argv) {
  const std::filesystem::path root = argc > 1 ? argv[1] : ".";
  for (const auto& [path, content] : quorate::config::generated_files()) {
    std::ofstream out(root / path, std::ios::binary | std::ios::trunc);
    out << content;
    out.close();
    if (!out) {
      std::fprintf(stderr, "cannot write %s\n", (root / path).c_str());
      return 1;
    }
  }
  return 0;
}
