// SPDX-License-Identifier: MIT

/// Clients that take their time on purpose, beside one that does not.

#include <thread>
#include <vector>

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using tests::eventually;
using tests::http_client;

class slow_clients : public tests::http_fixture {
 protected:
  slow_clients() {
    settings.header_deadline = 300ms;
    settings.body_deadline = 300ms;
  }
  ~slow_clients() override {
    EXPECT_TRUE(eventually([&] { return open_connections() == 0; })) << "every slow client is gone";
    expect_service();
  }

  /// Many clients that have sent `opening` go on byte by byte until the server ends it; a good one is served all along.
  void attack(std::string_view opening) {
    start();
    constexpr std::size_t attackers = 100;
    std::vector<http_client> slow;
    for (std::size_t i = 0; i < attackers; ++i) {
      slow.push_back(client());
      slow.back().send(opening);
    }
    auto good = client();
    std::size_t ended = 0;
    const bool all_ended = eventually([&] {
      ended = 0;
      for (auto& c : slow) {
        if (c.readable(0ms) || !c.send("x")) ++ended;
      }
      EXPECT_EQ(good.post("/api", "quick").body, "quick");
      return ended == attackers;
    });
    EXPECT_TRUE(all_ended) << ended;
    for (auto& c : slow) EXPECT_EQ(c.receive().status, 408);
  }
};

TEST_F(slow_clients, slow_loris_is_dropped_at_the_header_deadline) {
  attack("GET /ping HTTP/1.1\r\nX-Slow: ");
  EXPECT_EQ(refused("head_timeout"), 100u);
}

TEST_F(slow_clients, slow_post_is_dropped_at_the_body_deadline) {
  attack("POST /api HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(refused("body_timeout"), 100u);
}

TEST_F(slow_clients, slow_chunks_are_dropped_at_the_body_deadline) {
  attack("POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n");
  EXPECT_EQ(refused("body_timeout"), 100u);
}

TEST_F(slow_clients, half_sent_head_is_dropped) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Le");
  EXPECT_EQ(c.receive().status, 408);
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(slow_clients, half_sent_head_of_a_client_that_leaves_is_forgotten) {
  settings.header_deadline = 60'000ms;
  start();
  auto leaver = client();
  leaver.send("POST /api HTTP/1.1\r\nContent-Le");
  auto breaker = client();
  breaker.send("POST /api HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
  ASSERT_TRUE(eventually([&] { return open_connections() == 2; }));
  leaver.close();
  breaker.reset();
}

TEST_F(slow_clients, content_length_that_lies_upwards_ends_with_408) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n{\"jsonrpc\":\"2.0\"}");
  EXPECT_EQ(c.receive().status, 408);
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(slow_clients, content_length_that_lies_downwards_ends_with_400) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 4\r\n\r\n{\"a\":1} and more that is no request\r\n\r\n");
  EXPECT_EQ(c.receive().body, "{\"a\"") << "what was announced is what is taken";
  EXPECT_EQ(c.receive().status, 400);
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(slow_clients, content_length_cut_off_by_the_client_is_never_called) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"");
  c.half_close();
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_EQ(endpoint.calls(), 0u);
}

}  // namespace
}  // namespace quorate::net
