// SPDX-License-Identifier: MIT

/// Start, drain, stop, and replies from many threads meanwhile.

#include <atomic>
#include <thread>
#include <vector>

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using tests::eventually;
using tests::http_client;
using tests::http_request;

class http_lifecycle : public tests::http_fixture {
 protected:
  std::atomic<bool> drained{false};
  void drain(std::chrono::milliseconds deadline = 60'000ms) {
    server->drain(deadline, [this] { drained = true; });
  }
};

TEST_F(http_lifecycle, names_host_and_port_when_it_cannot_listen) {
  start();
  settings.port = server->port();
  net::server second(settings, endpoint, metrics);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message,
            "cannot listen on 127.0.0.1:" + std::to_string(settings.port) + ": Address already in use");
}

TEST_F(http_lifecycle, names_a_host_that_is_none) {
  settings.host = "no such host";
  net::server s(settings, endpoint, metrics);
  const auto started = s.start();
  ASSERT_FALSE(started);
  EXPECT_TRUE(started.error().message.starts_with("cannot listen on no such host:0: ")) << started.error().message;
}

TEST_F(http_lifecycle, names_a_bad_proxy) {
  settings.trusted_proxies = {"10.0.0.0/40"};
  net::server s(settings, endpoint, metrics);
  EXPECT_FALSE(s.start());
}

TEST_F(http_lifecycle, listens_on_a_host_name_and_on_ipv6) {
  settings.host = "localhost";
  start();
  expect_service();
  settings.host = "::1";
  server.reset();
  start();
  EXPECT_EQ(http_client(server->port(), "::1").post("/api", "six").body, "six");
}

TEST_F(http_lifecycle, takes_its_port_again_at_once) {
  start();
  auto c = client();
  c.post("/api", "x");
  settings.port = server->port();
  server.reset();
  start();
  expect_service();
}

TEST_F(http_lifecycle, may_be_stopped_before_and_after_and_twice) {
  net::server never(settings, endpoint, metrics);
  never.stop();
  start();
  server->stop();
  server->stop();
}

TEST_F(http_lifecycle, stopping_abandons_what_is_in_work) {
  start();
  auto c = client();
  c.send(http_request("POST", "/api", "later:a"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  server->stop();
  EXPECT_TRUE(endpoint.was_abandoned("a"));
  EXPECT_EQ(c.read_to_end(), "");
  EXPECT_EQ(open_connections(), 0);
  EXPECT_TRUE(endpoint.answer("a", "too late"));
  server.reset();
}

TEST_F(http_lifecycle, a_reply_may_outlive_the_server) {
  start();
  auto c = client();
  c.send(http_request("POST", "/api", "later:a"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("a"); }));
  server.reset();
  EXPECT_TRUE(endpoint.answer("a", "too late"));
}

TEST_F(http_lifecycle, draining_an_idle_server_is_done_at_once) {
  start();
  auto idle = client();
  EXPECT_EQ(idle.post("/api", "x").status, 200);
  auto silent = client();
  ASSERT_TRUE(eventually([&] { return open_connections() == 2; }));
  drain();
  EXPECT_TRUE(eventually([&] { return drained.load(); }));
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_EQ(silent.read_to_end(), "");
  EXPECT_THROW(client(), http_client::error) << "not listening any more";
}

TEST_F(http_lifecycle, draining_waits_for_what_is_in_work) {
  start();
  auto c = client();
  c.send(http_request("POST", "/api", "later:a") + http_request("POST", "/api", "later:b"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("b"); }));
  auto idle = client();
  ASSERT_TRUE(eventually([&] { return open_connections() == 2; }));
  drain();
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_FALSE(drained);
  endpoint.answer("b", "B");
  endpoint.answer("a", "A");
  EXPECT_EQ(c.receive().body, "A");
  const auto last = c.receive();
  EXPECT_EQ(last.body, "B");
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_EQ(c.read_to_end(), "");
  c.close();
  EXPECT_TRUE(eventually([&] { return drained.load(); }));
}

TEST_F(http_lifecycle, draining_lets_a_request_that_has_begun_come_to_its_end) {
  start();
  auto c = client();
  c.send("POST /api HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe");
  ASSERT_TRUE(eventually([&] { return count("quorate_http_request_bytes_total") > 40; }));
  drain();
  EXPECT_THROW(while (true) client(), http_client::error) << "the drain has begun when new connections are refused";
  c.send("llo");
  const auto r = c.receive();
  EXPECT_EQ(r.body, "hello");
  EXPECT_EQ(r.header("connection"), "close");
  c.close();
  EXPECT_TRUE(eventually([&] { return drained.load(); }));
}

TEST_F(http_lifecycle, draining_ends_at_its_deadline) {
  start();
  auto c = client();
  c.send(http_request("POST", "/api", "later:never"));
  ASSERT_TRUE(eventually([&] { return endpoint.waits("never"); }));
  drain(20ms);
  EXPECT_TRUE(eventually([&] { return drained.load(); }));
  EXPECT_FALSE(endpoint.was_abandoned("never")) << "that is for stop to do";
  server->stop();
  EXPECT_TRUE(endpoint.was_abandoned("never"));
}

/// Answers everything from two other threads, in whatever order they come to it.
class crowd_endpoint : public rpc::endpoint {
 public:
  crowd_endpoint() {
    for (auto& t : workers_) t = std::thread([this] { work(); });
  }
  ~crowd_endpoint() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    arrived_.notify_all();
    for (auto& t : workers_) t.join();
  }
  started post(std::string body, rpc::caller, done_function done) override {
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back({std::move(body), std::move(done)});
    }
    arrived_.notify_one();
    return {};
  }
  started get(std::string_view, done_function) override { return {rpc::reply{}, nullptr}; }
  std::shared_ptr<rpc::conversation> converse(rpc::caller, std::shared_ptr<rpc::voice>) override { return nullptr; }

 private:
  struct call {
    std::string body;
    done_function done;
  };
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      arrived_.wait(lock, [this] { return over_ || !calls_.empty(); });
      if (calls_.empty()) return;
      auto c = std::move(calls_.back());
      calls_.pop_back();
      lock.unlock();
      c.done({200, std::move(c.body)});
      c.done = {};
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<call> calls_;
  bool over_ = false;
  std::thread workers_[2];
};

TEST_F(http_lifecycle, replies_of_many_threads_reach_their_own_requests) {
  crowd_endpoint crowd;
  net::server s(settings, crowd, metrics);
  ASSERT_TRUE(s.start());
  std::vector<std::thread> clients;
  std::atomic<int> wrong{0};
  for (int n = 0; n < 4; ++n) {
    clients.emplace_back([&, n] {
      http_client c(s.port());
      for (int round = 0; round < 50; ++round) {
        std::string burst;
        for (int i = 0; i < 10; ++i) {
          burst += http_request("POST", "/api", std::to_string(n * 100'000 + round * 100 + i));
        }
        c.send(burst);
        for (int i = 0; i < 10; ++i) {
          if (c.receive().body != std::to_string(n * 100'000 + round * 100 + i)) wrong += 1;
        }
      }
    });
  }
  for (auto& t : clients) t.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(http_lifecycle, may_be_stopped_under_load) {
  crowd_endpoint crowd;
  for (int round = 0; round < 5; ++round) {
    auto s = std::make_unique<net::server>(settings, crowd, metrics);
    ASSERT_TRUE(s->start());
    std::atomic<int> served{0};
    std::vector<std::thread> clients;
    for (int n = 0; n < 3; ++n) {
      clients.emplace_back([&, port = s->port()] {
        try {
          http_client c(port);
          while (true) {
            c.post("/api", "x");
            served += 1;
          }
        } catch (const http_client::error&) {  // the end this test is about
        }
      });
    }
    EXPECT_TRUE(eventually([&] { return served > 50; }));
    s.reset();
    for (auto& t : clients) t.join();
  }
  EXPECT_EQ(open_connections(), 0);
}

}  // namespace
}  // namespace quorate::net
