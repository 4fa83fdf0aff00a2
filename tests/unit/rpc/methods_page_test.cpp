// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "rpc/discover.hpp"
#include "tests/common/paths.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc {
namespace {

class methods_page : public methods::tests::methods_test {};

TEST_F(methods_page, is_what_the_table_says) {
  const auto path = tests::source_dir() / "docs" / "methods.md";
  const std::string expected = methods_markdown(table);
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream{path} << expected;
  std::ostringstream actual;
  actual << std::ifstream{path}.rdbuf();
  EXPECT_EQ(actual.str(), expected) << "UPDATE_DOCS=1 on this test writes it anew";
}

TEST_F(methods_page, every_method_says_what_it_does) {
  for (const auto& [name, m] : table.all()) {
    EXPECT_FALSE(m.summary.empty()) << name;
    for (const param& p : m.params) EXPECT_FALSE(p.name.empty()) << name;
    bool optional = false;
    for (const param& p : m.params) {
      EXPECT_FALSE(optional && p.required) << name << ": required " << p.name << " behind an optional parameter";
      optional = optional || !p.required;
    }
  }
}

}  // namespace
}  // namespace quorate::rpc
