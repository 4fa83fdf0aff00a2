// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chain/log.hpp"
#include "tests/common/demo_server.hpp"

namespace quorate::rpc {
namespace {

/// Collects log lines while it lives.
struct log_lines {
  explicit log_lines(log::level level) {
    log::set_level(level);
    log::set_sink([this](const log::record& r) { lines.push_back(log::to_text(r)); });
  }
  ~log_lines() {
    log::set_sink({});
    log::set_level(log::level::info);
  }
  std::string all() const {
    std::string out;
    for (const auto& line : lines) out += line + '\n';
    return out;
  }
  std::vector<std::string> lines;
};

TEST(dispatcher_log, one_line_per_call_at_the_methods_level) {
  tests::demo_server server;
  const log_lines log{log::level::info};
  server.post(R"({"method":"get_data","id":1})");
  EXPECT_TRUE(log.lines.empty()) << log.all();
  server.post(R"({"method":"walk","id":1})");
  ASSERT_EQ(log.lines.size(), 1u);
  for (const char* part : {"method=walk", "outcome=ok", "took_us=0", "request_id=t-2"}) {
    EXPECT_NE(log.all().find(part), std::string::npos) << part << " in " << log.all();
  }
}

TEST(dispatcher_log, failures_are_told_with_their_detail) {
  tests::demo_server server;
  const log_lines log{log::level::warning};
  server.post(R"({"method":"boom"})");
  ASSERT_EQ(log.lines.size(), 1u) << "of a notification too";
  EXPECT_NE(log.all().find("missing"), std::string::npos);
  EXPECT_NE(log.all().find(" error "), std::string::npos);
}

TEST(dispatcher_log, neither_arguments_nor_results_are_logged) {
  settings s;
  s.admin_api_key = "k3y-of-the-house";
  tests::demo_server server{s};
  const log_lines log{log::level::debug};
  server.post(R"({"method":"closed","params":[4711,"k3y-of-the-house"],"id":1})");
  server.post(R"({"method":"closed","params":[4711,"wr0ng-key"],"id":1})");
  server.post(R"({"method":"closed","params":["4711"],"id":1})",
              {.address = {}, .session_id = {}, .admin_key = "head3r-key", .request_id = {}});
  EXPECT_GE(log.lines.size(), 3u);
  for (const char* secret : {"4711", "k3y", "wr0ng", "head3r", "secret result"}) {
    EXPECT_EQ(log.all().find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace quorate::rpc
