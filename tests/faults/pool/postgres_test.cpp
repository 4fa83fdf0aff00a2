// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <signal.h>

#include "tests/faults/pool/fixture.hpp"

/// What PostgreSQL can do to the pool (docs/design.md §7).
namespace quorate::tests {
namespace {

class pool_postgres : public pool_faults {
 protected:
  static postgres_server& server() { return postgres_server::shared(); }
  static void terminate_all() {
    server().exec(std::string{"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"} +
                  application + "'");
    wait_until([] { return on_server(server()) == 0; });
  }
};

/// As a primary that became a standby, for as long as it lives.
class read_only_server {
 public:
  explicit read_only_server(const postgres_server& server) : server_{server} {
    say("ALTER SYSTEM SET default_transaction_read_only = on");
  }
  ~read_only_server() {
    try {
      say("ALTER SYSTEM RESET default_transaction_read_only");
    } catch (const std::exception& e) {
      ADD_FAILURE() << "the server stays read-only: " << e.what();
    }
  }
  read_only_server(const read_only_server&) = delete;
  read_only_server& operator=(const read_only_server&) = delete;

 private:
  /// One statement each: ALTER SYSTEM refuses to be part of a transaction.
  void say(const std::string& sql) const {
    server_.exec(sql);
    server_.exec("SELECT pg_reload_conf()");
  }
  const postgres_server& server_;
};

TEST_F(pool_postgres, read_after_its_idle_backend_was_terminated_just_works) {
  start(server().url(), settings(4));
  ASSERT_TRUE(read().get());
  terminate_all();
  EXPECT_TRUE(read().get());  // at once: no ping yet, so the read is repeated elsewhere
  expect_service(server());
}

TEST_F(pool_postgres, terminated_backend_under_a_write_is_an_error_and_only_that) {
  start(server().url(), settings(4));
  auto running = ask("SELECT pg_sleep(60)", seconds{90});
  wait_until([] {
    return server().value(
               std::string{"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = '"} +
               application + "'") == "1";
  });
  const auto before = inspect().generation;
  terminate_all();
  EXPECT_EQ(code(running), errc::database_unavailable);
  wait_until([&] { return inspect().generation > before; });  // the answer goes straight to the requester
  expect_service(server());
}

TEST_F(pool_postgres, immediate_restart_under_load) {
  start(server().url(), settings(4, 4));
  std::atomic<bool> enough{false};
  std::atomic<int> served{0}, refused{0}, odd{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      while (!enough) {
        auto a = read();
        const auto r = a.get();
        if (r) {
          ++served;
        } else {
          ++(r.error().code == errc::database_unavailable ? refused : odd);
          std::this_thread::sleep_for(milliseconds{2});
        }
      }
    });
  wait_until([&] { return served > 50; });
  server().stop(postgres_server::stop_mode::immediate);
  wait_until([&] { return refused > 0; });
  wait_until([this] { return inspect().breaker != "closed"; });
  const auto before = served.load();
  server().start();
  wait_until([&] { return served > before + 50; });
  enough = true;
  for (auto& c : clients) c.join();
  EXPECT_EQ(odd, 0);
  expect_service(server());
}

TEST_F(pool_postgres, frozen_backend_costs_one_answer_and_one_place) {
  auto with = settings(2);
  with.cancel_grace = milliseconds{500};
  start(server().url(), with);
  const auto pid = std::stoi(*read("SELECT pg_backend_pid()").get());
  ASSERT_EQ(::kill(pid, SIGSTOP), 0);
  auto frozen = ask("SELECT 1", seconds{1});
  wait_until([this] { return inspect().leased == 1; });
  EXPECT_TRUE(read().get());  // on the other connection
  EXPECT_EQ(code(frozen), errc::query_timeout);
  wait_until([this] { return inspect().leased == 0; });  // hung up on, without waiting for the server
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  expect_service(server());
}

TEST_F(pool_postgres, read_only_server_marks_the_generation_stale) {
  start(server().url(), settings(2));
  server().exec("CREATE TABLE IF NOT EXISTS pool_probe (n int)");
  ASSERT_TRUE(ask("INSERT INTO pool_probe VALUES (1)").get());
  const auto before = inspect().generation;
  {
    const read_only_server standby{server()};
    std::optional<errc> refused;
    wait_until([&] {
      const auto r = ask("INSERT INTO pool_probe VALUES (1)").get();
      if (!r) refused = r.error().code;
      return refused.has_value();
    });
    EXPECT_EQ(refused, errc::database_unavailable);
    wait_until([&] { return inspect().generation > before; });  // the answer goes straight to the requester
    EXPECT_TRUE(read().get());
  }
  wait_until([this] { return ask("INSERT INTO pool_probe VALUES (1)").get().has_value(); });
  expect_service(server());
}

TEST_F(pool_postgres, server_without_room_serves_with_what_there_is) {
  postgres_server tiny{{"max_connections=8", "superuser_reserved_connections=2"}};
  tiny.exec("CREATE ROLE plain LOGIN");
  start(tiny.url() + " user=plain", settings(20, 30));
  std::vector<answer> all;
  for (int i = 0; i < 60; ++i) all.push_back(ask("SELECT pg_sleep(0.05)", seconds{60}));
  std::size_t most = 0;
  for (auto& a : all) {
    most = std::max(most, inspect().leased);
    EXPECT_TRUE(a.get());
  }
  EXPECT_LE(most, 6u);
  expect_service(tiny);
}

TEST_F(pool_postgres, quick_cancels_never_open_more_than_the_pool_may) {
  start(server().url(), settings(4, 2));
  std::vector<answer> all;
  std::size_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    job_ptr work;
    all.push_back(ask("SELECT pg_sleep(30)", seconds{60}, db::access::read_write, &work));
    if (i % 3 == 0) std::this_thread::sleep_for(milliseconds{1});
    pool.cancel(work);
    if (i % 50 == 0) most = std::max(most, on_server(server()));
  }
  for (auto& a : all) EXPECT_EQ(code(a), errc::cancelled);
  EXPECT_LE(most, 6u);
  const auto at = inspect();
  EXPECT_LE(at.open + at.connecting, 6u);
  wait_until([this] { return inspect().leased == 0; });
  EXPECT_EQ(counters_.counter("quorate_pool_closed_total", "", {{"why", "broken"}}).value(), 0)
      << "a cancel was lost, and its query hung up on";
  expect_service(server());
}

}  // namespace
}  // namespace quorate::tests
