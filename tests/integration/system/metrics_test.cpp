// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "tests/common/paths.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// What a running server shows on /metrics is what docs/metrics.md promises: every name and type, no more, no fewer.
namespace quorate::tests {
namespace {

using types_by_name = std::map<std::string, std::string>;

types_by_name matches_of(const std::string& text, const char* pattern) {
  types_by_name out;
  const std::regex expression{pattern};
  for (std::sregex_iterator at{text.begin(), text.end(), expression}, end; at != end; ++at) out[(*at)[1]] = (*at)[2];
  return out;
}

TEST(metrics_page, names_exactly_what_a_running_server_shows) {
  quorate_process quorate{{postgres_server::shared().create_database("metrics"), {}, {}}};
  quorate.start();
  // One of each kind of answer, for what is counted by outcome.
  quorate.result("eth_getBalance", chain::json::array({"0x0000000000000000000000000000000000000007", "latest"}));
  quorate.call("no_such_method");
  quorate.post("{");
  quorate.get("/no/such/path");

  std::ifstream in{source_dir() / "docs" / "metrics.md"};
  std::ostringstream page;
  page << in.rdbuf();
  const auto promised = matches_of(page.str(), R"(\| `([a-z0-9_]+)` \| ([a-z]+) \|)");
  const auto [status, text] = quorate.get("/metrics");
  EXPECT_EQ(status, 200);
  ASSERT_FALSE(promised.empty());
  EXPECT_EQ(matches_of(text, R"(# TYPE ([a-z0-9_]+) ([a-z]+))"), promised);
  EXPECT_EQ(quorate.stop(), 0);
}

}  // namespace
}  // namespace quorate::tests
