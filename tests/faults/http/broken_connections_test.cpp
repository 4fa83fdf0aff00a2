// SPDX-License-Identifier: MIT

/// Connections that break in every place, through a gate and without.

#include <vector>

#include "tests/common/http_fixture.hpp"
#include "tests/common/tcp_gate.hpp"

namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using tests::eventually;
using tests::http_client;
using tests::http_request;

class broken_connections : public tests::http_fixture {
 protected:
  void expect_nothing_left() {
    EXPECT_TRUE(eventually([&] { return open_connections() == 0; })) << open_connections();
    expect_service();
  }
};

TEST_F(broken_connections, reset_in_the_middle_of_a_reply) {
  start();
  const std::string big(2u << 20, 'x');
  for (int i = 0; i < 30; ++i) {
    auto c = client();
    // Two requests, so that the second is in the server's hands while the first reply is on its way.
    c.send(http_request("POST", "/api", big) + "POST /api HTTP/1.1\r\nContent-Le");
    ASSERT_TRUE(c.readable(30s));
    c.reset();
  }
  expect_nothing_left();
}

TEST_F(broken_connections, reset_by_the_network_in_the_middle_of_a_reply) {
  start();
  tests::tcp_gate gate(server->port());
  gate.limit_bytes(100'000);
  http_client c(gate.port());
  c.send(http_request("POST", "/api", std::string(1u << 20, 'x')));
  EXPECT_LT(c.read_to_end().size(), 1u << 20);
  EXPECT_TRUE(eventually([&] { return open_connections() == 0; }));
  gate.forward();
  EXPECT_EQ(http_client(gate.port()).post("/api", "again").body, "again");
  c.close();
  EXPECT_TRUE(eventually([&] { return gate.open_connections() == 0; }));
  expect_nothing_left();
}

TEST_F(broken_connections, reset_while_calls_are_in_work) {
  start();
  tests::tcp_gate gate(server->port());
  std::vector<http_client> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(gate.port());
    clients.back().send(http_request("POST", "/api", "later:" + std::to_string(i)));
  }
  ASSERT_TRUE(eventually([&] { return endpoint.calls() == 20; }));
  gate.reset_all();
  for (int i = 0; i < 20; ++i) {
    const auto key = std::to_string(i);
    EXPECT_TRUE(eventually([&] { return endpoint.was_abandoned(key); })) << key;
    EXPECT_TRUE(endpoint.answer(key, "too late")) << key;
  }
  expect_nothing_left();
}

TEST_F(broken_connections, half_open_peer_is_dropped_at_the_deadline) {
  settings.header_deadline = 200ms;
  settings.idle_timeout = 200ms;
  start();
  tests::tcp_gate gate(server->port());
  http_client idle(gate.port());
  EXPECT_EQ(idle.post("/api", "x").body, "x");
  http_client silenced(gate.port());
  silenced.send("POST /api HTTP/1.1\r\n");
  ASSERT_TRUE(eventually([&] { return open_connections() == 2; }));
  gate.swallow();
  silenced.send("Content-Length: 0\r\n\r\n");
  expect_nothing_left();
}

TEST_F(broken_connections, delay_costs_time_and_nothing_else) {
  start();
  tests::tcp_gate gate(server->port());
  gate.delay(50ms);
  http_client c(gate.port());
  const std::string big(1u << 20, 'x');
  EXPECT_EQ(c.post("/api", big).body, big);
  EXPECT_EQ(c.post("/api", "small").body, "small");
}

TEST_F(broken_connections, pause_is_waited_out) {
  start();
  tests::tcp_gate gate(server->port());
  http_client c(gate.port());
  EXPECT_EQ(c.post("/api", "before").body, "before");
  gate.pause();
  c.send(http_request("POST", "/api", "during"));
  EXPECT_FALSE(c.readable(100ms));
  gate.forward();
  EXPECT_EQ(c.receive().body, "during");
}

}  // namespace
}  // namespace quorate::net
