// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/faults/system/stand.hpp"

/// Clients that hang up in the middle of a slow call, and clients that mean harm.
namespace quorate::tests {
namespace {

constexpr const char* database = "clients";

/// A bare socket: sends, and leaves when it pleases.
class rude_client {
 public:
  rude_client(std::uint16_t port, const std::string& body) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error{"connect failed"};
    const std::string text = "POST /api HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body;
    if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error{"send failed"};
  }
  ~rude_client() { ::close(socket_); }
  rude_client(const rude_client&) = delete;
  rude_client& operator=(const rude_client&) = delete;

 private:
  int socket_;
};

class client_faults : public testing::Test {
 protected:
  void SetUp() override {
    url_ = postgres().create_database(database);
    quorate_.emplace(serve_options{url_, {}, {}});
    quorate_->start();
    ASSERT_TRUE(loops_have_looked(*quorate_));
  }
  static postgres_server& postgres() { return postgres_server::shared(); }

  /// Statements of Quorate that wait for a lock now.
  int blocked() const {
    return std::stoi(
        postgres().value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate' AND datname = '" +
                         std::string{database} + "' AND wait_event_type = 'Lock'"));
  }

  void expect_still_serving() {
    EXPECT_EQ(quorate_->result("eth_getBalance", balance_params()), "0x0");
    EXPECT_TRUE(nothing_leaked(*quorate_, postgres(), database));
    EXPECT_EQ(quorate_->stop(), 0);
  }

  std::string url_;
  std::optional<quorate_process> quorate_;
};

TEST_F(client_faults, a_hang_up_cancels_the_query_and_frees_the_connection) {
  {
    const table_lock lock{url_};
    {
      std::vector<std::unique_ptr<rude_client>> clients;
      for (int i = 0; i < 10; ++i)
        clients.push_back(std::make_unique<rude_client>(
            quorate_->port(), R"({"jsonrpc":"2.0","id":1,"method":"sim_fundAccount","params":[")" +
                                  std::string{some_account} + R"(",1]})"));
      EXPECT_TRUE(eventually([&] { return blocked() >= 10; })) << blocked();
    }
    // The lock is still held: only a cancel can end these statements before their time-out of seconds.
    EXPECT_TRUE(eventually([&] { return blocked() == 0; }, 4s)) << blocked();
    EXPECT_TRUE(eventually([&] { return quorate_->pool_status().at("checked_out") == 0; }, 4s));
  }
  // Nobody was credited by a call whose client had gone before it could run.
  expect_still_serving();
}

TEST_F(client_faults, waiting_clients_that_hang_up_leave_the_queue) {
  {
    const table_lock lock{url_};
    {
      std::vector<std::unique_ptr<rude_client>> clients;
      for (int i = 0; i < 200; ++i)
        clients.push_back(std::make_unique<rude_client>(
            quorate_->port(), R"({"jsonrpc":"2.0","id":1,"method":"sim_fundAccount","params":[")" +
                                  std::string{some_account} + R"(",1]})"));
      EXPECT_TRUE(eventually([&] { return quorate_->pool_status().at("waiting").get<int>() > 100; }));
    }
    EXPECT_TRUE(eventually([&] { return quorate_->pool_status().at("waiting") == 0; }, 4s));
  }
  expect_still_serving();
}

TEST_F(client_faults, a_depth_bomb_of_200_kb_is_a_parse_error_and_costs_nothing) {
  for (const char* bracket : {"[", "{\"a\":"}) {
    std::string bomb;
    while (bomb.size() < 200'000) bomb += bracket;
    const auto answer = quorate_->post(bomb);
    EXPECT_EQ(answer.error_code(), -32700) << chain::dump_json(answer.body);
    EXPECT_LT(answer.took, 2s);
  }
  expect_still_serving();
}

TEST_F(client_faults, a_batch_of_100_000_entries_is_refused_as_a_whole) {
  std::string batch = "[";
  for (int i = 0; i < 100'000; ++i) batch += i == 0 ? "{}" : ",{}";
  batch += "]";
  const auto answer = quorate_->post(batch);
  EXPECT_TRUE(answer.body.is_object()) << "one error, not 100,000";
  EXPECT_TRUE(answer.error_code() == -32600 || answer.error_code() == -32700) << answer.error_code();
  EXPECT_LT(answer.took, 2s);
  expect_still_serving();
}

TEST_F(client_faults, a_batch_just_over_the_limit_is_an_invalid_request) {
  std::string batch = "[";
  for (int i = 0; i < 101; ++i)
    batch += std::string{i == 0 ? "" : ","} + R"({"jsonrpc":"2.0","id":)" + std::to_string(i) + R"(,"method":"ping"})";
  EXPECT_EQ(quorate_->post(batch + "]").error_code(), -32600);
  expect_still_serving();
}

}  // namespace
}  // namespace quorate::tests
