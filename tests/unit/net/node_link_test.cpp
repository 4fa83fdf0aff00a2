// SPDX-License-Identifier: MIT
#include "net/node_link.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "tests/common/http_fixture.hpp"
#include "tests/common/quorate_process.hpp"
#include "tests/common/tcp_gate.hpp"

namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using actors::web3::fault;
using actors::web3::link_answer;

/// A server that reads one request and answers it with these bytes; then it hangs up.
class raw_server {
 public:
  explicit raw_server(std::string reply) : reply_{std::move(reply)} {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || ::listen(listening_, 8) != 0 ||
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(at.sin_port);
    thread_ = std::thread{[this] {
      for (int client; (client = ::accept(listening_, nullptr, nullptr)) >= 0; ::close(client)) {
        char request[4096];
        if (::recv(client, request, sizeof request, 0) > 0) ::send(client, reply_.data(), reply_.size(), MSG_NOSIGNAL);
        ::shutdown(client, SHUT_WR);
      }
    }};
  }
  ~raw_server() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  std::uint16_t port() const { return port_; }

 private:
  std::string reply_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::future<link_answer> connect(actors::web3::link& on, std::chrono::milliseconds timeout = 10s) {
  auto promise = std::make_shared<std::promise<link_answer>>();
  on.connect(timeout, [promise](link_answer answer) { promise->set_value(std::move(answer)); });
  return promise->get_future();
}
std::future<link_answer> post(actors::web3::link& on, std::chrono::milliseconds timeout = 10s) {
  auto promise = std::make_shared<std::promise<link_answer>>();
  on.post({.bodies = {R"({"id":1})"}, .timeout = timeout},
          [promise](link_answer answer) { promise->set_value(std::move(answer)); });
  return promise->get_future();
}
link_answer ask_raw(const std::string& reply) {
  const raw_server server{reply};
  const auto link = make_node_link({.port = server.port()});
  EXPECT_EQ(connect(*link).get().what, fault::none);
  return post(*link).get();
}

class link_to_server : public tests::http_fixture {
 protected:
  void SetUp() override { start(); }
};

TEST_F(link_to_server, one_connection_serves_many_exchanges) {
  const auto link = make_node_link({.port = server->port(), .path = "/api"});
  ASSERT_EQ(connect(*link).get().what, fault::none);
  for (int i = 0; i < 5; ++i) {
    const auto answer = post(*link).get();
    EXPECT_EQ(answer.what, fault::none) << answer.text;
    EXPECT_FALSE(answer.text.empty());
    EXPECT_FALSE(answer.last);
  }
  EXPECT_EQ(open_connections(), 1);
  link->hang_up();
  EXPECT_EQ(post(*link).get().what, fault::broken) << "it does not connect by itself";
  ASSERT_EQ(connect(*link).get().what, fault::none);
  ASSERT_EQ(connect(*link).get().what, fault::none);
  EXPECT_EQ(post(*link).get().what, fault::none);
  EXPECT_EQ(open_connections(), 1) << "connecting again closes the one before";
}

TEST_F(link_to_server, a_series_goes_on_while_its_answers_are_the_expected_ones) {
  const auto link = make_node_link({.port = server->port(), .path = "/api"});
  ASSERT_EQ(connect(*link).get().what, fault::none);
  const auto run = [&](std::size_t unexpected, actors::time_point until) {
    std::promise<link_answer> promise;
    link->post({.bodies = {"first", "second", "third"},
                .timeout = 10s,
                .expected = [=](std::size_t i, const std::string&) { return i != unexpected; },
                .until = until},
               [&](link_answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  };
  EXPECT_EQ(run(9, actors::time_point::max()).text, "third");
  EXPECT_EQ(run(9, actors::time_point::max()).passed, 2U);
  EXPECT_EQ(run(1, actors::time_point::max()).text, "second");
  EXPECT_EQ(run(1, actors::time_point::max()).passed, 1U);
  EXPECT_EQ(run(9, actors::time_point::min()).text, "first") << "it was too late for more";
  EXPECT_EQ(open_connections(), 1);
}

TEST_F(link_to_server, silence_ends_at_the_deadline_and_a_reset_at_once) {
  tests::tcp_gate gate{server->port()};
  const auto link = make_node_link({.port = gate.port(), .path = "/api"});
  ASSERT_EQ(connect(*link).get().what, fault::none);
  ASSERT_EQ(post(*link).get().what, fault::none);
  gate.swallow();
  EXPECT_EQ(post(*link, 100ms).get().what, fault::timeout);
  gate.forward();
  EXPECT_EQ(post(*link).get().what, fault::broken) << "what timed out is not used again";
  ASSERT_EQ(connect(*link).get().what, fault::none);
  gate.swallow();
  auto under_way = post(*link);
  gate.reset_all();
  EXPECT_EQ(under_way.get().what, fault::broken);
}

TEST_F(link_to_server, hanging_up_or_going_away_ends_what_is_under_way) {
  tests::tcp_gate gate{server->port()};
  auto link = make_node_link({.port = gate.port(), .path = "/api"});
  ASSERT_EQ(connect(*link).get().what, fault::none);
  gate.swallow();
  auto first = post(*link);
  link->hang_up();
  EXPECT_EQ(first.get().what, fault::broken);
  gate.forward();
  ASSERT_EQ(connect(*link).get().what, fault::none);
  gate.swallow();
  auto second = post(*link);
  link.reset();
  EXPECT_EQ(second.get().what, fault::broken);
}

TEST(node_link, a_closed_port_and_an_unknown_name_are_no_connection) {
  const auto closed = make_node_link({.port = tests::free_port()});
  EXPECT_EQ(connect(*closed).get().what, fault::connect);
  const auto unknown = make_node_link({.host = "no-such-host.invalid"});
  EXPECT_EQ(connect(*unknown).get().what, fault::connect);
}

TEST(node_link, what_is_not_http_or_no_answer_is_told_apart) {
  EXPECT_EQ(ask_raw("SSH-2.0-OpenSSH_9.2\r\n\r\n").what, fault::rubbish);
  EXPECT_EQ(ask_raw("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").what, fault::rubbish);
  EXPECT_EQ(ask_raw("").what, fault::broken);
  EXPECT_EQ(ask_raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").what, fault::broken);
  const auto last = ask_raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(last.what, fault::none);
  EXPECT_EQ(last.text, "{}");
  EXPECT_TRUE(last.last);
}

}  // namespace
}  // namespace quorate::net
