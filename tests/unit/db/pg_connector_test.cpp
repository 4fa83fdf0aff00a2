// SPDX-License-Identifier: MIT
#include "db/pg_connector.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <pqxx/pqxx>
#include <thread>

#include "tests/unit/db/fixture.hpp"

namespace quorate::db::tests {
namespace {

/// Accepts connections (the kernel does) and says nothing.
class deaf_host {
 public:
  deaf_host() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd_, generic, size) != 0 || ::listen(fd_, 5) != 0 || ::getsockname(fd_, generic, &size) != 0)
      throw std::runtime_error{"no port"};
    port_ = ntohs(address.sin_port);
  }
  ~deaf_host() { ::close(fd_); }
  deaf_host(const deaf_host&) = delete;
  deaf_host& operator=(const deaf_host&) = delete;

  std::string port() const { return std::to_string(port_); }
  /// Waits for the next connection; the caller's.
  int accept() const { return ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC); }

 private:
  int fd_;
  int port_ = 0;
};

class connecting : public database_test<connecting> {
 protected:
  static std::string setting(db::session& on, const std::string& name) {
    return *in_transaction(on, [&](transaction& tx) -> result<std::string> {
      return tx.native().exec("SHOW " + name).at(0).at(0).as<std::string>();
    });
  }
};

TEST_F(connecting, starts_every_session_with_its_settings) {
  const auto on = open_session(url_);
  EXPECT_EQ(setting(*on, "TimeZone"), "UTC");
  EXPECT_EQ(setting(*on, "DateStyle").substr(0, 3), "ISO");
  EXPECT_EQ(setting(*on, "application_name"), "quorate");
  EXPECT_EQ(setting(*on, "statement_timeout"), "30s");
  EXPECT_EQ(setting(*on, "lock_timeout"), "10s");
  EXPECT_EQ(setting(*on, "idle_in_transaction_session_timeout"), "1min");
  EXPECT_EQ(setting(*on, "default_transaction_isolation"), "read committed");
  EXPECT_EQ(setting(*on, "client_encoding"), "UTF8");
}

TEST_F(connecting, the_urls_own_options_win) {
  const auto on = open_session(url_ + " application_name=mine options='-c lock_timeout=77'");
  EXPECT_EQ(setting(*on, "application_name"), "mine");
  EXPECT_EQ(setting(*on, "lock_timeout"), "77ms");
  EXPECT_EQ(setting(*on, "TimeZone"), "UTC");
}

TEST_F(connecting, goes_over_tcp_as_well) {
  const auto on = open_session(server().tcp_url(name()));
  EXPECT_GT(on->backend_pid(), 0);
}

TEST_F(connecting, takes_the_first_host_that_will_do) {
  const auto port = std::to_string(server().port());
  const auto on = open_session("postgresql://postgres@127.0.0.1:1,127.0.0.1:" + port + "/" + name() +
                               "?target_session_attrs=read-write");
  EXPECT_GT(on->backend_pid(), 0);
}

TEST_F(connecting, a_silent_host_leaves_time_for_the_next) {
  const deaf_host deaf;
  const auto on =
      connector_to("postgresql://postgres@127.0.0.1:" + deaf.port() + ",127.0.0.1:" + std::to_string(server().port()) +
                   "/" + name() + "?target_session_attrs=read-write");
  const auto opened = on->open(std::chrono::seconds{3});
  ASSERT_TRUE(opened) << opened.error().detail;
}

TEST_F(connecting, a_primary_will_do_where_no_standby_is) {
  const auto port = std::to_string(server().port());
  const auto on = open_session("postgresql://postgres@127.0.0.1:1,127.0.0.1:" + port + "/" + name() +
                               "?target_session_attrs=prefer-standby");
  EXPECT_GT(on->backend_pid(), 0);
}

TEST_F(connecting, every_host_that_failed_is_named) {
  const auto opened = connector_to("host=127.0.0.1,127.0.0.2 port=1 user=postgres")->open(std::chrono::seconds{5});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("\"127.0.0.1\""), std::string::npos) << opened.error().detail;
  EXPECT_NE(opened.error().detail.find("\"127.0.0.2\""), std::string::npos) << opened.error().detail;
}

TEST_F(connecting, a_stop_ends_the_attempt_under_way_and_every_later_one) {
  const deaf_host deaf;
  const auto on = connector_to("host=127.0.0.1 port=" + deaf.port());
  std::thread opener{[&] { EXPECT_FALSE(on->open(std::chrono::hours{1})); }};
  const int line = deaf.accept();
  on->stop();
  opener.join();
  ::close(line);
  EXPECT_FALSE(on->open(std::chrono::hours{1}));
  EXPECT_FALSE(on->listen(std::chrono::hours{1}));
}

TEST_F(connecting, a_server_that_never_answers_LISTEN_costs_no_more_than_the_deadline) {
  const deaf_host host;
  std::thread greeter{[&] {
    const int line = host.accept();
    char startup[1024];
    EXPECT_GT(::recv(line, startup, sizeof startup, 0), 0);
    const std::string welcome{"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I", 15};  // authenticated; ready for a query
    EXPECT_EQ(::send(line, welcome.data(), welcome.size(), MSG_NOSIGNAL), static_cast<ssize_t>(welcome.size()));
    while (::recv(line, startup, sizeof startup, 0) > 0) {
    }
    ::close(line);
  }};
  const auto heard = connector_to("host=127.0.0.1 user=postgres sslmode=disable gssencmode=disable port=" + host.port())
                         ->listen(std::chrono::milliseconds{300});
  greeter.join();
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().detail, "no answer to LISTEN");
}

TEST_F(connecting, refuses_a_url_it_cannot_read_without_repeating_it) {
  for (const auto* const url :
       {"postgresql://user:hunter2%zz@localhost/x", "password hunter2", "host=x password='hunter2"}) {
    connect_settings settings;
    settings.url = url;
    const auto made = make_pg_connector(settings);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, errc::invalid_params);
    EXPECT_EQ((made.error().message + made.error().detail).find("hunter2"), std::string::npos);
  }
}

TEST_F(connecting, a_server_that_is_not_there_is_unavailable) {
  const auto opened =
      connector_to("host=127.0.0.1 port=1 user=postgres password=hunter2")->open(std::chrono::seconds{5});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::database_unavailable);
  EXPECT_EQ(opened.error().message, "Database unavailable");
  EXPECT_NE(opened.error().detail.find("refused"), std::string::npos) << opened.error().detail;
  EXPECT_EQ(opened.error().detail.find("hunter2"), std::string::npos);
}

TEST_F(connecting, a_wrong_password_is_told_without_the_password) {
  const auto hba = server().socket_dir() / "strict_hba";
  std::ofstream{hba} << "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
  postgres_server strict{{"hba_file=" + hba.string()}};
  strict.exec("CREATE ROLE alice LOGIN PASSWORD 'right'");
  const auto url = [&](const std::string& password) {
    return "postgresql://alice:" + password + "@127.0.0.1:" + std::to_string(strict.port()) + "/postgres";
  };
  EXPECT_GT(open_session(url("right"))->backend_pid(), 0);
  const auto opened = connector_to(url("hunter2"))->open(std::chrono::seconds{5});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::database_unavailable);
  EXPECT_NE(opened.error().detail.find("password authentication failed"), std::string::npos);
  EXPECT_EQ(opened.error().detail.find("hunter2"), std::string::npos);
}

TEST_F(connecting, a_server_that_accepts_and_says_nothing_costs_no_more_than_the_deadline) {
  const deaf_host deaf;
  const auto opened = connector_to("host=127.0.0.1 port=" + deaf.port())->open(std::chrono::milliseconds{50});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().detail, "no connection within 50 ms");
}

TEST_F(connecting, too_many_connections_is_unavailable) {
  server().exec("ALTER DATABASE connecting CONNECTION LIMIT 0; CREATE ROLE bob LOGIN");
  const auto opened = connector_to(url_ + " user=bob")->open(std::chrono::seconds{5});
  server().exec("ALTER DATABASE connecting CONNECTION LIMIT -1; DROP ROLE bob");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::database_unavailable);
}

TEST_F(connecting, a_listener_hears_both_channels) {
  const auto from = connector_to(url_);
  const auto ear = from->listen(std::chrono::seconds{5});
  ASSERT_TRUE(ear);
  EXPECT_TRUE((*ear)->wait(std::chrono::milliseconds{1})->empty());
  sql("NOTIFY quorate_transactions, '0xab'; NOTIFY quorate_settings, 'finality_window'");
  std::vector<notification> heard;
  while (heard.size() < 2) {
    const auto some = (*ear)->wait(std::chrono::seconds{5});
    ASSERT_TRUE(some);
    heard.insert(heard.end(), some->begin(), some->end());
  }
  EXPECT_EQ(heard[0].channel, channels::transactions);
  EXPECT_EQ(heard[0].payload, "0xab");
  EXPECT_EQ(heard[1].channel, channels::settings);
  EXPECT_EQ(heard[1].payload, "finality_window");
}

TEST_F(connecting, a_listener_whose_backend_died_says_so) {
  const auto ear = connector_to(url_)->listen(std::chrono::seconds{5});
  ASSERT_TRUE(ear);
  sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE "
      "'LISTEN%'");
  result<std::vector<notification>> heard;
  while ((heard = (*ear)->wait(std::chrono::seconds{5}))) {
  }
  EXPECT_EQ(heard.error().code, errc::database_unavailable);
}

}  // namespace
}  // namespace quorate::db::tests
