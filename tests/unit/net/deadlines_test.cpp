// SPDX-License-Identifier: MIT

/// Deadlines are made short here and waited for; nothing is asserted about how long anything takes.

#include <thread>

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using tests::eventually;

class http_deadlines : public tests::http_fixture {
 protected:
  /// Sends one byte every few milliseconds until the server has something to say or closes.
  static std::size_t drip(tests::http_client& c, std::string_view bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size() && !c.readable(5ms) && c.send(bytes.substr(sent, 1))) ++sent;
    return sent;
  }
};

TEST_F(http_deadlines, head_is_limited_in_total_however_it_drips) {
  settings.header_deadline = 200ms;
  start();
  auto c = client();
  const std::string endless = "GET /ping HTTP/1.1\r\nX-Slow: " + std::string(12'000, 'z');
  EXPECT_LT(drip(c, endless), endless.size());
  const auto r = c.receive();
  EXPECT_EQ(r.status, 408);
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_EQ(refused("head_timeout"), 1u);
}

TEST_F(http_deadlines, a_client_that_never_speaks_is_closed) {
  settings.header_deadline = 50ms;
  start();
  auto c = client();
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_TRUE(eventually([&] { return open_connections() == 0; }));
}

TEST_F(http_deadlines, body_is_limited_in_total_however_it_drips) {
  settings.body_deadline = 200ms;
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 20000\r\n\r\n");
  EXPECT_LT(drip(c, std::string(20'000, 'x')), 20'000u);
  EXPECT_EQ(c.receive().status, 408);
  EXPECT_EQ(refused("body_timeout"), 1u);
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(http_deadlines, a_body_shorter_than_announced_ends_with_408) {
  settings.body_deadline = 50ms;
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 100\r\n\r\nshort");
  EXPECT_EQ(c.receive().status, 408);
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_deadlines, head_deadline_begins_anew_with_each_request) {
  settings.header_deadline = 400ms;
  settings.idle_timeout = 60'000ms;
  start();
  auto c = client();
  for (int i = 0; i < 4; ++i) {
    c.send("POST /api HTTP/1.1\r\n");
    std::this_thread::sleep_for(120ms);
    c.send("Content-Length: 1\r\n\r\nx");
    ASSERT_EQ(c.receive().status, 200) << i;
  }
}

TEST_F(http_deadlines, an_idle_connection_is_closed_without_a_word) {
  settings.idle_timeout = 50ms;
  start();
  auto c = client();
  EXPECT_EQ(c.post("/api", "x").status, 200);
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_EQ(refused("head_timeout"), 0u);
}

TEST_F(http_deadlines, none_runs_while_a_call_is_in_work) {
  settings.idle_timeout = 30ms;
  settings.header_deadline = 30ms;
  settings.body_deadline = 30ms;
  start();
  auto c = client();
  c.send(tests::http_request("POST", "/api", "later:a"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  EXPECT_FALSE(c.readable(300ms));
  endpoint.answer("a", "A");
  EXPECT_EQ(c.receive().body, "A");
}

TEST_F(http_deadlines, a_client_that_does_not_read_is_dropped) {
  settings.write_deadline = 100ms;
  start();
  auto c = client();
  const std::string big(1u << 20, 'x');
  std::jthread sender([&] {
    for (int i = 0; i < 100 && c.send(tests::http_request("POST", "/api", big)); ++i) {
    }
  });
  EXPECT_TRUE(eventually([&] { return refused("write_timeout") == 1; }));
  EXPECT_TRUE(eventually([&] { return open_connections() == 0; }));
  sender.join();
  expect_service();
}

TEST_F(http_deadlines, a_slow_reader_that_makes_progress_is_served) {
  settings.write_deadline = 400ms;
  start();
  auto c = client();
  const std::string big(2u << 20, 'x');
  std::jthread sender([&] {
    for (int i = 0; i < 4; ++i) c.send(tests::http_request("POST", "/api", big));
  });
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(150ms);
    ASSERT_EQ(c.receive().body.size(), big.size());
  }
  sender.join();
}

}  // namespace
}  // namespace quorate::net
