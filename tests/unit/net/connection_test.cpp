// SPDX-License-Identifier: MIT

/// One connection, many requests: keep-alive, order, pipelining, codings of the body, hang-ups.

#include <thread>

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

using tests::eventually;
using tests::http_request;

class http_connection : public tests::http_fixture {
 protected:
  static std::string call(std::string_view body) { return http_request("POST", "/api", body); }
};

TEST_F(http_connection, is_kept_open_in_http_1_1) {
  start();
  auto c = client();
  const auto fd = c.native_handle();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(c.post("/api", std::to_string(i)).body, std::to_string(i));
  EXPECT_EQ(c.native_handle(), fd);
  EXPECT_EQ(open_connections(), 1);
}

TEST_F(http_connection, is_closed_when_the_client_says_so) {
  start();
  auto c = client();
  const auto r = c.post("/api", "x", "Connection: close\r\n");
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_connection, follows_the_rules_of_http_1_0) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na");
  EXPECT_EQ(c.receive().header("connection"), "keep-alive");
  c.send("POST /api HTTP/1.0\r\nContent-Length: 1\r\n\r\nb");
  const auto r = c.receive();
  EXPECT_EQ(r.body, "b");
  EXPECT_EQ(r.header("connection"), "close");
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_connection, answers_pipelined_requests_in_their_order) {
  start();
  auto c = client();
  c.send(call("later:a") + call("now") + call("later:b") + http_request("GET", "/ping") + call("last"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a") && endpoint.waits("b"); }));
  ASSERT_TRUE(endpoint.answer("b", "B"));
  ASSERT_TRUE(endpoint.answer("a", "A"));
  EXPECT_EQ(c.receive().body, "A");
  EXPECT_EQ(c.receive().body, "now");
  EXPECT_EQ(c.receive().body, "B");
  EXPECT_EQ(c.receive().body, R"({"status":"ok"})");
  EXPECT_EQ(c.receive().body, "last");
}

TEST_F(http_connection, has_at_most_so_many_requests_in_work) {
  settings.pipeline = 2;
  start();
  auto c = client();
  c.send(call("later:a") + call("later:b") + call("later:c") + call("d"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a") && endpoint.waits("b"); }));
  expect_service();  // the io thread has been round since
  EXPECT_FALSE(endpoint.waits("c"));
  endpoint.answer("a", "A");
  ASSERT_TRUE(eventually([&] { return endpoint.waits("c"); }));
  endpoint.answer("b", "B");
  endpoint.answer("c", "C");
  for (const auto* body : {"A", "B", "C", "d"}) EXPECT_EQ(c.receive().body, body);
}

TEST_F(http_connection, keeps_its_place_when_requests_waited_in_its_buffer) {
  settings.pipeline = 1;
  start();
  auto c = client();
  for (int round = 0; round < 3; ++round) {
    c.send(call("later:a") + call("waited"));
    ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
    endpoint.answer("a", "A");
    EXPECT_EQ(c.receive().body, "A");
    EXPECT_EQ(c.receive().body, "waited");
    EXPECT_EQ(c.post("/api", "a longer one than those before").body, "a longer one than those before");
  }
}

TEST_F(http_connection, serves_a_long_pipeline_of_quick_requests) {
  start();
  auto c = client();
  constexpr int requests = 5'000;
  std::jthread sender([&] {
    std::string all;
    for (int i = 0; i < requests; ++i) all += call("call " + std::to_string(i));
    c.send(all);
  });
  for (int i = 0; i < requests; ++i) ASSERT_EQ(c.receive().body, "call " + std::to_string(i));
  sender.join();
}

TEST_F(http_connection, stops_serving_a_client_that_does_not_read) {
  start();
  auto c = client();
  constexpr std::size_t requests = 200;
  const std::string big(256 * 1024, 'x');
  std::jthread sender([&] {
    for (std::size_t i = 0; i < requests; ++i) c.send(call(big));
  });
  std::size_t before = 0;
  // It stops taking requests once the sockets' buffers are full of replies: the count stands still.
  ASSERT_TRUE(eventually([&] {
    const auto now = endpoint.calls();
    const bool stands_still = now > 0 && now == before;
    before = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return stands_still;
  }));
  EXPECT_LT(endpoint.calls(), requests);
  for (std::size_t i = 0; i < requests; ++i) ASSERT_EQ(c.receive().body.size(), big.size());
  sender.join();
}

TEST_F(http_connection, reads_chunked_bodies) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nquor\r\n");
  c.send("3\r\nate\r\n0\r\n\r\n");
  EXPECT_EQ(c.receive().body, "quorate");
}

TEST_F(http_connection, carries_large_bodies_both_ways) {
  start();
  auto c = client();
  std::string big(2u << 20, 'a');
  for (std::size_t i = 0; i < big.size(); i += 4099) big[i] = 'b';
  EXPECT_EQ(c.post("/api", big).body, big);
  EXPECT_EQ(c.post("/api", "small").body, "small");
}

TEST_F(http_connection, asks_for_the_body_when_the_client_expects_it) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(c.receive().status, 100);
  c.send("hello");
  EXPECT_EQ(c.receive().body, "hello");
  c.send("POST /api HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(c.receive().body, "hi") << "not asked for when it is there already";
}

TEST_F(http_connection, asks_for_the_body_in_its_turn) {
  start();
  auto c = client();
  c.send(call("later:a") + "POST /api HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  endpoint.answer("a", "A");
  EXPECT_EQ(c.receive().body, "A");
  EXPECT_EQ(c.receive().status, 100);
  c.send("hello");
  EXPECT_EQ(c.receive().body, "hello");
}

TEST_F(http_connection, refuses_a_long_body_without_asking_for_it) {
  settings.body_limit = 10;
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(c.receive().status, 413);
}

TEST_F(http_connection, abandons_the_call_of_a_client_that_hangs_up) {
  start();
  auto leaver = client();
  leaver.send(call("later:fin"));
  auto breaker = client();
  breaker.send(call("later:rst"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("fin") && endpoint.waits("rst"); }));
  leaver.close();
  breaker.reset();
  EXPECT_TRUE(eventually([&] { return endpoint.was_abandoned("fin") && endpoint.was_abandoned("rst"); }));
  EXPECT_TRUE(eventually([&] { return open_connections() == 0; }));
  EXPECT_TRUE(endpoint.answer("fin", "nobody reads this"));
  EXPECT_TRUE(endpoint.answer("rst", "nor this"));
  expect_service();
}

TEST_F(http_connection, notices_a_hang_up_even_while_it_reads_nothing) {
  settings.pipeline = 1;
  start();
  auto c = client();
  std::string flood = call("later:a");
  // More than it reads ahead, less than what would fill the kernel's buffers: a FIN behind a full buffer stays unseen.
  while (flood.size() < (100u << 10)) flood += call("never started");
  std::jthread sender([&] { c.send(flood); });
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  sender.join();
  c.close();
  EXPECT_TRUE(eventually([&] { return endpoint.was_abandoned("a"); }));
  EXPECT_EQ(endpoint.calls(), 1u);
}

TEST_F(http_connection, answers_before_the_end_what_was_asked_before_the_end) {
  start();
  auto c = client();
  c.send(call("one") + call("two"));
  c.half_close();
  EXPECT_EQ(c.receive().body, "one");
  EXPECT_EQ(c.receive().body, "two");
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_connection, serves_a_whole_pipeline_whose_client_has_said_its_last_word) {
  start();
  auto c = client();
  const std::string big(100u << 10, 'x');
  std::string all;
  for (int i = 0; i < 40; ++i) all += call(big);
  std::jthread sender([&] {
    c.send(all);
    c.half_close();
  });
  for (int i = 0; i < 40; ++i) ASSERT_EQ(c.receive().body.size(), big.size()) << i;
  EXPECT_EQ(c.read_to_end(), "");
}

TEST_F(http_connection, drops_a_second_answer) {
  start();
  auto c = client();
  c.send(call("later:a"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  const auto done = endpoint.take("a");
  done({200, "first"});
  done({200, "second"});
  EXPECT_EQ(c.receive().body, "first");
  EXPECT_EQ(c.post("/api", "next").body, "next");
}

}  // namespace
}  // namespace quorate::net
