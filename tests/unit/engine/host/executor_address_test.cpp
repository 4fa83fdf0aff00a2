// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "engine/host/executor.hpp"

namespace quorate::engine::host {
namespace {

TEST(manager_address, is_http_or_a_socket) {
  EXPECT_EQ(parse_manager_address("http://127.0.0.1:3999")->port, 3999);
  EXPECT_EQ(parse_manager_address("http://localhost:80/")->host, "127.0.0.1");
  EXPECT_EQ(parse_manager_address("http://[::1]:81")->host, "::1");
  EXPECT_EQ(parse_manager_address("unix:/run/engine")->path, "/run/engine");
  EXPECT_EQ(parse_manager_address("unix:///run/engine")->path, "/run/engine");
  for (const char* wrong : {"", "embedded", "https://127.0.0.1:1", "http://127.0.0.1", "http://example.com:80",
                            "http://127.0.0.1:0", "http://127.0.0.1:x", "http://127.0.0.1:99999", "unix:"}) {
    EXPECT_FALSE(parse_manager_address(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace quorate::engine::host
