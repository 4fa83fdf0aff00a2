// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "actors/metrics_docs.hpp"
#include "tests/common/paths.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// What a running server shows on /metrics is what docs/metrics.md promises: every name, type, label and meaning.
namespace quorate::tests {
namespace {

TEST(metrics_page, names_exactly_what_a_running_server_shows) {
  // With a node to forward to, so that what concerns it is shown; it need not be there.
  quorate_process quorate{{postgres_server::shared().create_database("metrics"),
                           {},
                           {{"hardhat.url", "http://127.0.0.1:" + std::to_string(free_port())}}}};
  quorate.start();
  // One of each kind of answer, for what is counted by outcome.
  quorate.result("eth_getBalance", chain::json::array({"0x0000000000000000000000000000000000000007", "latest"}));
  quorate.call("no_such_method");
  quorate.post("{");
  quorate.get("/no/such/path");

  std::ifstream in{source_dir() / "docs" / "metrics.md"};
  std::ostringstream page;
  page << in.rdbuf();
  const auto [status, text] = quorate.get("/metrics");
  EXPECT_EQ(status, 200);
  for (const auto& one : actors::metrics::docs_differences(text, page.str())) ADD_FAILURE() << one;
  EXPECT_EQ(quorate.stop(), 0);
}

}  // namespace
}  // namespace quorate::tests
