// SPDX-License-Identifier: MIT

/// A thousand connections, and none left to give.

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

using namespace std::chrono_literals;
using tests::eventually;
using tests::http_client;
using tests::http_request;

/// Sets the soft limit of descriptors for as long as it lives.
class descriptor_limit {
 public:
  descriptor_limit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  bool set(rlim_t limit) {
    const rlimit wanted{limit, before_.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &wanted) == 0;
  }
  rlim_t current() const { return before_.rlim_cur; }

 private:
  rlimit before_{};
};

/// Takes every descriptor below the limit but `left`; gives them back in the end.
class taken_descriptors {
 public:
  explicit taken_descriptors(std::size_t left) {
    for (int fd = 0; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(fd);
    for (; left > 0; --left) {
      ::close(taken_.back());
      taken_.pop_back();
    }
  }
  ~taken_descriptors() { give_back(); }
  void give_back() {
    for (const int fd : taken_) ::close(fd);
    taken_.clear();
  }

 private:
  std::vector<int> taken_;
};

class many_connections : public tests::http_fixture {};

TEST_F(many_connections, a_thousand_are_served_side_by_side) {
  constexpr std::int64_t connections = 1'000;
  descriptor_limit limit;
  if (limit.current() < 2'200 && !limit.set(2'200)) GTEST_SKIP() << "the system allows too few descriptors";
  start();
  std::vector<http_client> clients;
  for (int i = 0; i < connections; ++i) clients.push_back(client());
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < connections; ++i) {
      clients[i].send(http_request("POST", "/api", "call " + std::to_string(i)));
    }
    for (int i = 0; i < connections; ++i) ASSERT_EQ(clients[i].receive().body, "call " + std::to_string(i));
  }
  EXPECT_EQ(open_connections(), connections);
  for (int i = 0; i < connections; i += 2) clients[i].reset();
  clients.clear();
  EXPECT_TRUE(eventually([&] { return open_connections() == 0; }));
  expect_service();
}

TEST_F(many_connections, running_out_of_descriptors_hurts_nobody_who_is_connected) {
  start();
  auto connected = client();
  EXPECT_EQ(connected.post("/api", "before").body, "before");
  {
    descriptor_limit limit;
    ASSERT_TRUE(limit.set(256));
    taken_descriptors taken(1);
    auto waiting = client();  // takes the last one: the server has none for its side
    ASSERT_TRUE(waiting.send(http_request("POST", "/api", "waited")));
    ASSERT_TRUE(eventually([&] { return refused("descriptors") > 0; }));
    EXPECT_EQ(connected.post("/api", "meanwhile").body, "meanwhile");
    taken.give_back();
    EXPECT_EQ(waiting.receive().body, "waited");
  }
  expect_service();
}

}  // namespace
}  // namespace quorate::net
