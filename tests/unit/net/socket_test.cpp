// SPDX-License-Identifier: MIT
#include "tests/common/socket_client.hpp"

#include <atomic>
#include <string>

#include "tests/common/http_fixture.hpp"

/// WebSockets over the real server and a fake application (http_fixture.hpp says what that does).
namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using tests::eventually;
using tests::socket_client;
using tests::socket_options;

constexpr const char* upgrade_lines =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

class sockets : public tests::http_fixture {
 protected:
  ~sockets() override {
    if (server && !HasFatalFailure() && serves_on_) expect_service();
  }
  socket_client open(socket_options options = {}) {
    socket_client c(server->port(), std::move(options));
    EXPECT_EQ(c.receive(), "hello");
    return c;
  }
  std::int64_t open_sockets() { return metrics.gauge("quorate_socket_connections", "").value(); }
  std::uint64_t closed(const std::string& why) { return count("quorate_socket_closed_total", {{"why", why}}); }
  std::string refusal(socket_options options = {}) {
    try {
      socket_client c(server->port(), std::move(options));
    } catch (const socket_client::error& e) {
      return e.what();
    }
    return "open";
  }
  bool serves_on_ = true;
};

TEST_F(sockets, carry_messages_both_ways_and_count_as_connections) {
  start();
  auto c = open();
  c.send("one");
  EXPECT_EQ(c.receive(), "one");
  c.send("later:a");
  c.send("two");
  EXPECT_EQ(c.receive(), "two") << "an answer that takes time holds nothing up";
  EXPECT_TRUE(endpoint.answer("a", "at last"));
  EXPECT_EQ(c.receive(), "at last");
  c.send_binary("\x01");
  EXPECT_EQ(c.receive(), "binary");
  EXPECT_EQ(open_sockets(), 1);
  EXPECT_EQ(open_connections(), 1);
  c.close();
  EXPECT_TRUE(eventually([&] { return open_sockets() == 0 && open_connections() == 0; }));
  EXPECT_EQ(closed("client"), 1u);
  EXPECT_EQ(endpoint.conversations(), 0u);
}

TEST_F(sockets, are_opened_at_the_older_path_too_and_on_a_connection_that_served_http_before) {
  start();
  EXPECT_EQ(refusal({.target = "/socket.io/"}), "open");
  auto c = client();
  EXPECT_EQ(c.post("/api", "x").body, "x");
  c.send(std::string("GET /ws HTTP/1.1\r\nHost: a\r\n") + upgrade_lines + "X-Request-Id: my-own\r\n\r\n");
  const auto r = c.receive(true);
  EXPECT_EQ(r.status, 101);
  EXPECT_EQ(r.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(r.header("x-request-id"), "my-own");
}

TEST_F(sockets, refuse_what_is_no_handshake) {
  start();
  EXPECT_EQ(client().get("/ws").status, 426);
  EXPECT_EQ(client().get("/ws").header("upgrade"), "websocket");
  EXPECT_EQ(client().post("/ws", "x").status, 405);
  EXPECT_EQ(client().get("/socket.io/?EIO=4&transport=polling&t=x").status, 400);
  EXPECT_EQ(client().post("/socket.io/?EIO=4&transport=polling", "40").status, 400);
  EXPECT_NE(client().get("/socket.io/?EIO=4").body.find("/ws"), std::string::npos);
  EXPECT_EQ(refusal({.target = "/socket.io/?EIO=4&transport=websocket"}), "status 400");
  EXPECT_EQ(refusal({.target = "/no/such/path"}), "status 404");
  EXPECT_EQ(refusal({.headers = {{"Sec-WebSocket-Version", "12"}}}), "status 426");
  auto c = client();
  c.send(std::string("GET /ws HTTP/1.1\r\nHost: a\r\n") + upgrade_lines + "\r\nand more before the answer");
  EXPECT_EQ(c.receive().status, 400);
}

TEST_F(sockets, have_limits_of_their_own_and_share_those_of_connections) {
  settings.sockets = 2;
  settings.connections = 3;
  start();
  auto a = open();
  {
    auto b = open();
    EXPECT_EQ(refusal(), "status 503");
    EXPECT_EQ(refused("sockets"), 1u);
    b.close();
  }
  EXPECT_TRUE(eventually([&] { return open_sockets() == 1; }));
  auto b = open();
  auto http = client();
  EXPECT_EQ(http.post("/api", "x").status, 200);
  EXPECT_EQ(client().get("/ping").status, 503) << "three connections in all";
  http.close();
  EXPECT_TRUE(eventually([&] { return open_connections() == 2; }));
}

TEST_F(sockets, close_with_1009_when_a_message_is_too_large_also_when_it_came_compressed) {
  settings.socket_message_limit = 10'000;
  start();
  for (const bool compress : {false, true}) {
    auto c = open({.compress = compress});
    EXPECT_EQ(c.compressed(), compress);
    c.send(std::string(10'000, 'x'));
    EXPECT_EQ(c.receive().size(), 10'000u);
    try {
      c.send(std::string(1'000'000, 'x'));
    } catch (const socket_client::error&) {  // the server may have closed before all of it was taken
    }
    const auto code = c.wait_for_close();
    if (compress) {
      EXPECT_EQ(code, 1009);
    }
  }
  EXPECT_TRUE(eventually([&] { return closed("refused") == 2; }));
}

TEST_F(sockets, close_on_what_is_no_frame) {
  start();
  auto c = open();
  c.send_raw(std::string("\xff\x80\0\0\0\0", 6));
  EXPECT_EQ(c.wait_for_close(), 1002);
  auto text = open();
  text.send("\xff\xfe");
  EXPECT_EQ(text.wait_for_close(), 1007) << "text is UTF-8";
  EXPECT_TRUE(eventually([&] { return closed("refused") == 2; }));
}

TEST_F(sockets, compress_when_the_client_offers_it_and_the_setting_allows) {
  settings.socket_compression = false;
  start();
  auto c = open({.compress = true});
  EXPECT_FALSE(c.compressed());
  c.send(std::string(5'000, 'x'));
  EXPECT_EQ(c.receive().size(), 5'000u);
}

TEST_F(sockets, ping_a_silent_client_and_give_up_one_that_does_not_answer) {
  settings.socket_ping = 50ms;
  settings.socket_timeout = 200ms;
  start();
  auto answers = open();
  auto silent = open();
  // Reading answers pings; the other one does not read.
  EXPECT_FALSE(answers.receive_within(1s).has_value());
  EXPECT_TRUE(eventually([&] { return closed("silent") == 1; }));
  answers.send("still here");
  EXPECT_EQ(answers.receive(), "still here");
  EXPECT_EQ(open_sockets(), 1);
}

TEST_F(sockets, cut_off_a_subscriber_that_does_not_read_and_nobody_else) {
  settings.socket_queue_messages = 50;
  start();
  auto slow = open({.receive_buffer = 4096});
  auto quick = open();
  const std::string event(10'000, 'e');
  std::size_t pushed = 0;
  while (endpoint.push(event) == 2) {
    ++pushed;
    EXPECT_EQ(quick.receive(), event);
  }
  EXPECT_GT(pushed, 50u);
  EXPECT_EQ(quick.receive(), event) << "it got what the slow one did not";
  EXPECT_TRUE(eventually([&] { return closed("slow") == 1; }));
  EXPECT_EQ(endpoint.push(event), 1u);
  EXPECT_EQ(quick.receive(), event);
  EXPECT_EQ(open_sockets(), 1);
}

TEST_F(sockets, say_1008_to_a_slow_subscriber_that_begins_to_read_in_time) {
  settings.socket_queue_messages = 5;
  start();
  auto c = open();
  c.send("push:50");
  EXPECT_EQ(c.wait_for_close(), 1008);
  EXPECT_EQ(c.close_reason(), "events come faster than they are taken");
}

TEST_F(sockets, stop_reading_from_a_client_that_does_not_take_its_replies) {
  settings.write_deadline = 60s;
  start();
  auto c = open({.receive_buffer = 4096});
  // 64 KiB each: far more than the kernel and the server hold together, so some are never looked at.
  const std::string big(64 * 1024, 'b');
  std::size_t sent = 0;
  try {
    socket_client impatient(server->port(), {.receive_buffer = 4096, .patience = 500ms});
    while (sent < 1000) {
      impatient.send(big);
      ++sent;
    }
  } catch (const socket_client::error&) {
  }
  EXPECT_LT(sent, 1000u);
  EXPECT_LT(endpoint.calls(), sent + 1);
  c.send("x");
  EXPECT_EQ(c.receive(), "x");
}

TEST_F(sockets, run_a_pipeline_of_calls_and_abandon_them_with_the_client) {
  settings.pipeline = 3;
  start();
  {
    auto c = open();
    for (const char* key : {"a", "b", "c", "d"}) c.send(std::string("later:") + key);
    EXPECT_TRUE(eventually([&] { return endpoint.waits("c"); }));
    EXPECT_FALSE(endpoint.waits("d"));
    EXPECT_TRUE(endpoint.answer("b", "B"));
    EXPECT_EQ(c.receive(), "B");
    EXPECT_TRUE(eventually([&] { return endpoint.waits("d"); }));
  }
  EXPECT_TRUE(eventually([&] { return open_sockets() == 0; })) << "a hang-up is seen although nothing is read";
  for (const char* key : {"a", "c", "d"}) EXPECT_TRUE(endpoint.was_abandoned(key)) << key;
}

TEST_F(sockets, are_told_1001_when_the_server_drains_once_their_calls_are_answered) {
  start();
  auto idle = open();
  auto busy = open();
  busy.send("later:a");
  EXPECT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  std::atomic<bool> drained{false};
  server->drain(20s, [&] { drained = true; });
  EXPECT_EQ(idle.wait_for_close(), 1001);
  EXPECT_FALSE(drained.load());
  EXPECT_TRUE(endpoint.answer("a", "A"));
  EXPECT_EQ(busy.receive(), "A");
  EXPECT_EQ(busy.wait_for_close(), 1001);
  EXPECT_TRUE(eventually([&] { return drained.load(); }));
  EXPECT_TRUE(eventually([&] { return closed("shutdown") == 2; }));
  serves_on_ = false;
}

TEST_F(sockets, give_up_a_message_that_never_ends) {
  settings.body_deadline = 100ms;
  start();
  auto c = open();
  c.send_raw(std::string("\x01\x82\0\0\0\0ab", 8));  // "ab", not final
  EXPECT_EQ(c.wait_for_close(), 1006);
  EXPECT_TRUE(eventually([&] { return closed("timeout") == 1; }));
}

}  // namespace
}  // namespace quorate::net
