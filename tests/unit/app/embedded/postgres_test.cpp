// SPDX-License-Identifier: MIT
#include "app/embedded/postgres.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace quorate::app {
namespace {

namespace fs = std::filesystem;

/// A directory that PostgreSQL's user can enter, gone with the test.
class embedded_postgres_test : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/quorate-embedded-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    root_ = name;
    fs::permissions(root_, fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
  }
  void TearDown() override { fs::remove_all(root_); }

  static std::string ask(const embedded_postgres& server, const char* sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> c{PQconnectdb(server.conninfo().c_str()), &PQfinish};
    const std::unique_ptr<PGresult, decltype(&PQclear)> r{PQexec(c.get(), sql), &PQclear};
    if (PQresultStatus(r.get()) != PGRES_TUPLES_OK) return PQerrorMessage(c.get());
    return PQgetvalue(r.get(), 0, 0);
  }

  fs::path root_;
};

TEST_F(embedded_postgres_test, keeps_its_data_over_restarts_and_hard_ends) {
  auto data = data_directory::open(root_ / "deep" / "data");
  ASSERT_TRUE(data) << data.error().message;
  fs::permissions(root_ / "deep", fs::perms::others_exec, fs::perm_options::add);
  auto server = embedded_postgres::start(*data);
  ASSERT_TRUE(server) << server.error().message << server.error().detail;
  EXPECT_EQ(ask(*server, "SELECT current_database()"), "genlayer_state");
  EXPECT_EQ(ask(*server, "CREATE TABLE kept AS SELECT 42 AS x; SELECT x FROM kept"), "42");
  server->stop();
  EXPECT_TRUE(server->ended());

  server = embedded_postgres::start(*data);
  ASSERT_TRUE(server) << server.error().message << server.error().detail;
  EXPECT_EQ(ask(*server, "SELECT x FROM kept"), "42");
  const auto postmaster = std::atoi(ask(*server, "SELECT pg_backend_pid()").c_str());
  EXPECT_GT(postmaster, 0);
  server->stop(std::chrono::milliseconds{0});  // no grace: an immediate shutdown

  server = embedded_postgres::start(*data);
  ASSERT_TRUE(server) << server.error().message << server.error().detail;
  EXPECT_EQ(ask(*server, "SELECT x FROM kept"), "42");
  server->stop();
}

TEST_F(embedded_postgres_test, waits_for_a_server_that_a_killed_owner_left) {
  auto data = data_directory::open(root_ / "data");
  ASSERT_TRUE(data);
  auto leftover = embedded_postgres::start(*data);
  ASSERT_TRUE(leftover) << leftover.error().message;
  // What the kernel does when the owner dies: PR_SET_PDEATHSIG sends SIGINT. Reaped here, as init would.
  std::ignore = ask(*leftover, "SELECT 1");
  EXPECT_FALSE(leftover->ended());
  leftover->stop();
  auto next = embedded_postgres::start(*data);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(ask(*next, "SELECT 7"), "7");
  next->stop();
}

/// So deep that a socket inside would have too long a name, and the socket's directory is one in /tmp.
TEST_F(embedded_postgres_test, a_socket_directory_of_somebody_else_is_refused) {
  const auto deep = root_ / std::string(100, 'd');
  const fs::path socket_dir = "/tmp/quorate-" + std::to_string(fs::hash_value(deep));
  const auto check = [&] { return embedded_postgres::check_socket_directory(deep, std::nullopt); };
  EXPECT_TRUE(check());
  fs::create_directory(socket_dir);
  EXPECT_TRUE(check());
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(socket_dir.c_str(), 12345, 12345), 0);
    ASSERT_FALSE(check());
    EXPECT_NE(check().error().message.find(socket_dir.string()), std::string::npos) << check().error().message;
    EXPECT_NE(check().error().message.find("12345"), std::string::npos) << check().error().message;
  }
  fs::remove(socket_dir);
  fs::create_directory_symlink(root_, socket_dir);
  EXPECT_FALSE(check()) << "a link leads elsewhere";
  fs::remove(socket_dir);
}

TEST_F(embedded_postgres_test, an_interrupted_start_leaves_nothing_behind) {
  auto data = data_directory::open(root_ / "data");
  ASSERT_TRUE(data);
  const auto ended = embedded_postgres::start(*data, {120, [] { return true; }});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, errc::cancelled) << ended.error().message;
  EXPECT_FALSE(fs::exists(root_ / "data" / "postgres" / "postmaster.pid"));
}

TEST(embedded_connections, follow_the_pool) {
  EXPECT_EQ(embedded_postgres::connections_for(50), 120u);
  EXPECT_EQ(embedded_postgres::connections_for(2000), 2020u);
}

TEST(data_directory_test, says_who_owns_it_without_taking_it) {
  char name[] = "/tmp/quorate-data-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  EXPECT_EQ(data_directory::owner(name), std::nullopt);
  {
    auto first = data_directory::open(name);
    ASSERT_TRUE(first && first->lock());
    EXPECT_EQ(data_directory::owner(name), std::to_string(::getpid()));
  }
  EXPECT_EQ(data_directory::owner(name), std::nullopt);
  fs::remove_all(name);
}

TEST(data_directory_test, a_second_owner_is_refused_by_name) {
  char name[] = "/tmp/quorate-data-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  {
    auto first = data_directory::open(name);
    ASSERT_TRUE(first);
    ASSERT_TRUE(first->lock());
    auto second = data_directory::open(name);
    ASSERT_TRUE(second);
    const auto refused = second->lock();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("pid " + std::to_string(::getpid())), std::string::npos)
        << refused.error().message;
  }
  auto third = data_directory::open(name);
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->lock());
  fs::remove_all(name);
}

TEST(data_directory_test, lists_only_living_nodes) {
  char name[] = "/tmp/quorate-data-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  auto data = data_directory::open(name);
  ASSERT_TRUE(data);
  node_record mine{::getpid(), "127.0.0.1", 4000, "1", true, "/run", "quorate", "genlayer_state", 5432};
  ASSERT_TRUE(data->publish(mine));
  auto dead = mine;
  dead.pid = 0x7ffffff0;
  dead.port = 4001;
  ASSERT_TRUE(data->publish(dead));
  ASSERT_EQ(data->nodes().size(), 1u);
  EXPECT_EQ(data->nodes().front().socket_dir, "/run");
  data->withdraw(4000);
  EXPECT_TRUE(data->nodes().empty());
  fs::remove_all(name);
}

TEST(data_directory_test, names_a_directory_it_cannot_use) {
  const auto refused = data_directory::open("/proc/quorate");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("/proc/quorate"), std::string::npos);
}

}  // namespace
}  // namespace quorate::app
