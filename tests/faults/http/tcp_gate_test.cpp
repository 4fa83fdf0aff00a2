// SPDX-License-Identifier: MIT
#include "tests/common/tcp_gate.hpp"

#include "tests/common/http_fixture.hpp"

/// The gate is an instrument: it has to do exactly what the fault tests believe it does.
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;

class tcp_gate_modes : public http_fixture {
 protected:
  tcp_gate_modes() {
    start();
    gate = std::make_unique<tcp_gate>(server->port());
  }
  http_client through() { return http_client(gate->port()); }
  std::unique_ptr<tcp_gate> gate;
};

TEST_F(tcp_gate_modes, forwards_both_ways_and_passes_the_end_on) {
  auto c = through();
  const std::string big(3u << 19, 'x');
  EXPECT_EQ(c.post("/api", big).body, big);
  EXPECT_TRUE(eventually([&] { return gate->bytes_from_server() > big.size(); }));
  EXPECT_EQ(gate->accepted(), 1u);
  c.close();
  EXPECT_TRUE(eventually([&] { return gate->open_connections() == 0 && open_connections() == 0; }));
}

TEST_F(tcp_gate_modes, refuses_new_connections_and_keeps_old_ones) {
  auto old = through();
  EXPECT_EQ(old.post("/api", "a").body, "a");
  gate->refuse();
  EXPECT_THROW(through(), http_client::error);
  EXPECT_EQ(old.post("/api", "b").body, "b");
  gate->forward();
  EXPECT_EQ(through().post("/api", "c").body, "c");
}

TEST_F(tcp_gate_modes, pauses_without_losing_a_byte) {
  auto c = through();
  gate->pause();
  auto late = through();  // the kernel completes the handshake, the gate does not accept
  late.send(http_request("POST", "/api", "late"));
  c.send(http_request("POST", "/api", "early"));
  EXPECT_FALSE(c.readable(50ms));
  EXPECT_EQ(endpoint.calls(), 0u);
  gate->forward();
  EXPECT_EQ(c.receive().body, "early");
  EXPECT_EQ(late.receive().body, "late");
}

TEST_F(tcp_gate_modes, swallows_for_good) {
  auto c = through();
  gate->swallow();
  c.send(http_request("POST", "/api", "lost"));
  EXPECT_FALSE(c.readable(50ms));
  gate->forward();
  EXPECT_FALSE(c.readable(50ms));
  EXPECT_EQ(endpoint.calls(), 0u);
  EXPECT_EQ(through().post("/api", "new").body, "new");
}

TEST_F(tcp_gate_modes, delays_at_least_as_long_as_asked) {
  gate->delay(40ms);
  auto c = through();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(c.post("/api", "x").body, "x");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 80ms) << "there and back";
}

TEST_F(tcp_gate_modes, cuts_after_so_many_bytes) {
  gate->limit_bytes(20);
  auto c = through();
  c.send(http_request("POST", "/api", "x"));
  EXPECT_LE(c.read_to_end().size(), 20u);
  EXPECT_TRUE(eventually([&] { return gate->bytes_from_server() == 20; }));
}

TEST_F(tcp_gate_modes, resets_every_connection) {
  auto one = through();
  auto two = through();
  EXPECT_TRUE(eventually([&] { return gate->open_connections() == 2; }));
  gate->reset_all();
  EXPECT_EQ(gate->open_connections(), 0u);
  EXPECT_EQ(one.read_to_end(), "");
  EXPECT_EQ(two.read_to_end(), "");
  EXPECT_EQ(through().post("/api", "x").body, "x");
}

TEST_F(tcp_gate_modes, resets_the_client_when_there_is_no_server) {
  server.reset();
  auto c = through();
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_TRUE(eventually([&] { return gate->open_connections() == 0; }));
}

}  // namespace
}  // namespace quorate::tests
