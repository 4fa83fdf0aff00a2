// SPDX-License-Identifier: MIT

/// What the server refuses, and that it serves on.

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

using tests::eventually;
using tests::http_client;

class http_limits : public tests::http_fixture {
 protected:
  ~http_limits() override {
    if (server && !HasFatalFailure()) expect_service();
  }
};

TEST_F(http_limits, refuses_a_body_by_its_announced_length_before_reading_it) {
  settings.body_limit = 100;
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 101\r\n\r\n");  // and not one byte of it
  const auto r = c.receive();
  EXPECT_EQ(r.status, 413);
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_EQ(r.body,
            R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"Request body exceeds 100 bytes"},"id":null})");
  EXPECT_EQ(refused("body_too_large"), 1u);
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(http_limits, lets_the_refusal_reach_a_client_that_goes_on_sending) {
  settings.body_limit = 100;
  start();
  auto c = client();
  EXPECT_EQ(c.post("/api", std::string(1u << 20, 'x')).status, 413);
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_limits, stops_a_chunked_body_at_the_limit) {
  settings.body_limit = 100;
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i) c.send("a\r\n0123456789\r\n");
  EXPECT_EQ(c.receive().status, 413);
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(http_limits, accepts_a_body_of_exactly_the_limit) {
  settings.body_limit = 100;
  start();
  EXPECT_EQ(client().post("/api", std::string(100, 'x')).body.size(), 100u);
}

TEST_F(http_limits, refuses_a_head_over_the_limit) {
  settings.header_limit = 1024;
  start();
  auto c = client();
  const auto r = c.get("/ping", "X-Filler: " + std::string(2000, 'x') + "\r\n");
  EXPECT_EQ(r.status, 431);
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_EQ(refused("head_too_large"), 1u);
  auto small_lines = client();
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += "X-" + std::to_string(i) + ": " + std::string(40, 'y') + "\r\n";
  EXPECT_EQ(small_lines.get("/ping", lines).status, 431);
}

TEST_F(http_limits, refuses_what_is_not_http) {
  start();
  auto c = client();
  c.send("\x16\x03\x01 what is this\r\n\r\n");
  const auto r = c.receive();
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(r.body, R"({"detail":"Bad Request"})");
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_EQ(refused("bad_request"), 1u);
}

TEST_F(http_limits, does_not_let_a_request_hide_in_a_body) {
  start();
  auto c = client();
  c.send(
      "POST /api HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n"
      "POST /api HTTP/1.1\r\nContent-Length: 8\r\n\r\nsmuggled");
  EXPECT_EQ(c.receive().status, 501);
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(http_limits, answers_earlier_requests_before_it_refuses_one) {
  start();
  auto c = client();
  c.send(tests::http_request("POST", "/api", "later:a") + "rubbish\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  endpoint.answer("a", "A");
  EXPECT_EQ(c.receive().body, "A");
  EXPECT_EQ(c.receive().status, 400);
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_limits, turns_away_connections_over_the_total) {
  settings.connections = 2;
  start();
  auto one = client();
  auto two = client();
  EXPECT_EQ(one.post("/api", "x").status, 200);
  EXPECT_EQ(two.post("/api", "x").status, 200);
  auto three = client();
  const auto r = three.receive();
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.header("retry-after"), "1");
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_NE(r.body.find("-32006"), std::string::npos);
  EXPECT_EQ(three.read_to_end(), "");
  EXPECT_EQ(refused("connections"), 1u);
  two.close();
  ASSERT_TRUE(eventually([&] { return open_connections() == 1; }));
}

TEST_F(http_limits, turns_away_connections_over_the_share_of_an_address) {
  settings.connections_per_address = 1;
  start();
  auto one = client();
  EXPECT_EQ(one.post("/api", "x").status, 200);
  EXPECT_EQ(client().receive().status, 503);
  EXPECT_EQ(refused("connections_per_address"), 1u);
  one.close();
  ASSERT_TRUE(eventually([&] { return open_connections() == 0; }));
}

TEST_F(http_limits, counts_each_address_for_itself) {
  settings.host = "::";  // takes IPv4, too
  settings.connections_per_address = 1;
  start();
  auto four = client();
  EXPECT_EQ(four.post("/api", "x").status, 200);
  EXPECT_EQ(endpoint.last_caller().address, "127.0.0.1") << "not ::ffff:127.0.0.1";
  http_client six(server->port(), "::1");
  EXPECT_EQ(six.post("/api", "x").status, 200);
  EXPECT_EQ(endpoint.last_caller().address, "::1");
  EXPECT_EQ(client().receive().status, 503);
  four.close();
  ASSERT_TRUE(eventually([&] { return open_connections() == 1; }));
}

}  // namespace
}  // namespace quorate::net
