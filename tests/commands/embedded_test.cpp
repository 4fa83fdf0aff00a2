// SPDX-License-Identifier: MIT
// The private PostgreSQL of `serve` through everything that may happen to it.
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "tests/common/child.hpp"
#include "tests/common/command.hpp"
#include "tests/common/quorate_process.hpp"

namespace quorate::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* account = "0x0000000000000000000000000000000000000042";

void fund(const quorate_process& node) { node.result("sim_fundAccount", chain::json::array({account, 1})); }
chain::json balance(const quorate_process& node) {
  return node.result("eth_getBalance", chain::json::array({account, "latest"}));
}

fs::path pid_file(const fs::path& data) { return data / "postgres" / "postmaster.pid"; }
pid_t postmaster(const fs::path& data) {
  pid_t pid = 0;
  std::ifstream{pid_file(data)} >> pid;
  return pid;
}
uid_t user_named(const char* name) {
  const auto* const entry = ::getpwnam(name);
  return entry == nullptr ? static_cast<uid_t>(-1) : entry->pw_uid;
}

TEST(embedded_postgres, runs_as_another_user_when_started_as_root) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  quorate_process node{{}};
  node.start();
  EXPECT_EQ(user_of(node.pid()), 0u);
  EXPECT_EQ(user_of(postmaster(node.data_dir())), user_named("postgres"));
  fund(node);
  EXPECT_EQ(balance(node), "0x1");
  const auto server = postmaster(node.data_dir());
  EXPECT_EQ(node.stop(), 0);
  EXPECT_NE(::kill(server, 0), 0) << "it ends with Quorate";
}

TEST(embedded_postgres, runs_as_an_ordinary_user_and_later_under_root) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  const temporary_directory place;
  const auto data = place.path() / "data";
  fs::create_directory(data);
  {
    quorate_process node{{{}, data, {}, {}, "nobody"}};
    node.start();
    EXPECT_EQ(user_of(node.pid()), user_named("nobody"));
    EXPECT_EQ(user_of(postmaster(data)), user_named("nobody"));
    fund(node);
    EXPECT_EQ(node.stop(), 0);
  }
  quorate_process node{{{}, data}};
  node.start();
  EXPECT_EQ(user_of(postmaster(data)), user_named("nobody")) << "PostgreSQL insists on owning its files";
  EXPECT_EQ(balance(node), "0x1");
  EXPECT_EQ(node.stop(), 0);
}

TEST(embedded_postgres, comes_back_when_it_is_killed_under_a_running_node) {
  quorate_process node{{}};
  node.start();
  fund(node);
  const auto first = postmaster(node.data_dir());
  ASSERT_GT(first, 0);
  ::kill(first, SIGKILL);
  node.wait_until("a new server", [&] {
    const auto now = postmaster(node.data_dir());
    return now > 0 && now != first;
  });
  node.wait_for_service("eth_getBalance", chain::json::array({account, "latest"}), std::chrono::seconds{60});
  EXPECT_EQ(balance(node), "0x1");
  fund(node);
  EXPECT_EQ(balance(node), "0x2");
  node.wait_until("/ready", [&] { return node.get("/ready").first == 200; });
  EXPECT_NE(node.log().find("the embedded PostgreSQL runs again"), std::string::npos) << node.log();
  EXPECT_EQ(node.stop(), 0);
}

TEST(embedded_postgres, a_server_that_stays_down_does_not_make_the_node_deaf) {
  quorate_process node{{}};
  node.start();
  // Without it no server starts; the one that runs does not need it.
  const auto control = node.data_dir() / "postgres" / "global" / "pg_control";
  fs::rename(control, control.string() + ".away");
  ::kill(postmaster(node.data_dir()), SIGKILL);
  node.wait_until("three attempts", [&] { return node.log().find("failures=3") != std::string::npos; });
  EXPECT_EQ(node.get("/ready").first, 503);
  EXPECT_EQ(node.stop(), 0);
}

TEST(embedded_postgres, a_first_start_that_is_killed_does_not_spoil_the_next) {
  const temporary_directory place;
  const auto data = place.path() / "data";
  quorate_process node{{{}, data}};
  fs::create_directory(data);
  const auto drafts = (data / "postgres.new").string();
  for (const auto* stage : {"postgresql.conf", "base/1"}) {
    node.launch();
    const auto reached = [&] {
      for (const auto& entry : fs::directory_iterator{data})
        if (entry.path().string().starts_with(drafts) && fs::exists(entry.path() / stage)) return true;
      return false;
    };
    node.wait_until(stage, reached);
    node.kill();
    EXPECT_FALSE(fs::exists(data / "postgres"));
    node.wait_until("initdb is gone", [&] { return processes_with(drafts).empty(); });
  }
  node.start();
  fund(node);
  EXPECT_EQ(balance(node), "0x1");
  for (const auto& entry : fs::directory_iterator{data})
    EXPECT_FALSE(entry.path().string().starts_with(drafts)) << entry.path();
  EXPECT_EQ(node.stop(), 0);
}

TEST(embedded_postgres, a_stale_pid_file_that_names_a_stranger_is_no_obstacle) {
  quorate_process node{{}};
  node.start();
  fund(node);
  node.kill();
  node.wait_until("the server is down", [&] { return !fs::exists(pid_file(node.data_dir())); });
  // Of PostgreSQL's own user, so that PostgreSQL itself would believe the file.
  const auto stranger = spawn_child(as_postgres({"/bin/sleep", "1000"}), "/dev/null");
  const auto user = ::geteuid() == 0 ? user_named("postgres") : ::geteuid();
  node.wait_until("sleep runs", [&] { return user_of(stranger) == user; });
  std::ofstream{pid_file(node.data_dir())} << stranger << "\n" << (node.data_dir() / "postgres").string() << "\n";
  node.start();
  EXPECT_EQ(balance(node), "0x1");
  EXPECT_EQ(::waitpid(stranger, nullptr, WNOHANG), 0) << "it was left alone";
  EXPECT_NE(node.log().find("names a process that is no PostgreSQL of this cluster"), std::string::npos);
  ::kill(stranger, SIGKILL);
  wait_child(stranger);
  EXPECT_EQ(node.stop(), 0);
}

TEST(embedded_postgres, a_second_owner_is_refused_with_the_pid_of_the_first) {
  quorate_process first{{}};
  first.start();
  for (const auto* command : {"serve", "migrate"}) {
    const auto second = run_quorate({command, "--port", "0", "--data-dir", first.data_dir().string()});
    EXPECT_EQ(second.code, 1);
    EXPECT_TRUE(second.says("(pid " + std::to_string(first.pid()) + ")")) << second.text;
  }
  EXPECT_EQ(first.result("ping"), "OK");
}

TEST(embedded_postgres, the_data_survive_kill_9) {
  quorate_process node{{}};
  node.start();
  fund(node);
  node.kill();
  node.start();
  EXPECT_EQ(balance(node), "0x1");
  EXPECT_EQ(node.stop(), 0);
}

TEST(embedded_postgres, a_deep_directory_with_odd_characters_is_fine) {
  const temporary_directory place;
  const auto data = place.path() / "it's 100% deep" / std::string(90, 'd');
  fs::create_directories(data);
  quorate_process node{{{}, data}};
  node.start();
  fund(node);
  EXPECT_EQ(balance(node), "0x1");
  const auto json = chain::parse_json(run_quorate({"status", "--json", "--data-dir", data.string()}).text);
  ASSERT_TRUE(json);
  const std::string sockets = json->at("database").at("socket_dir");
  EXPECT_TRUE(sockets.starts_with("/tmp/quorate-")) << sockets;
  EXPECT_EQ(fs::status(sockets).permissions(), fs::perms::owner_all);
  EXPECT_EQ(node.stop(), 0);
  fs::remove_all(sockets);
}

}  // namespace
}  // namespace quorate::tests
