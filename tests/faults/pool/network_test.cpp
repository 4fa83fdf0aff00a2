// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "tests/common/tcp_gate.hpp"
#include "tests/faults/pool/fixture.hpp"

/// What the network between the pool and PostgreSQL can do (docs/design.md §7).
namespace quorate::tests {
namespace {

class pool_network : public pool_faults {
 protected:
  pool_network() : gate{static_cast<std::uint16_t>(server().port())} {
    start(fmt::format("postgresql://postgres@127.0.0.1:{}/postgres", gate.port()), settings(3, 1));
  }
  static postgres_server& server() { return postgres_server::shared(); }

  /// Asks until the breaker is open. The one connection there was may take the first query with it; for all that come
  /// after it there is none.
  void until_unavailable() {
    std::vector<errc> refused;
    wait_until([&] {
      const auto r = ask("SELECT 1", milliseconds{300}).get();
      if (!r) refused.push_back(r.error().code);
      return inspect().breaker != "closed";
    });
    const auto late = std::count(refused.begin(), refused.end(), errc::query_timeout);
    const auto unavailable = std::count(refused.begin(), refused.end(), errc::database_unavailable);
    EXPECT_LE(late, 1);
    EXPECT_EQ(late + unavailable, static_cast<std::ptrdiff_t>(refused.size()));
  }

  tcp_gate gate;
};

TEST_F(pool_network, reset_connections_are_replaced) {
  ASSERT_TRUE(read().get());
  gate.reset_all();
  EXPECT_TRUE(read().get());
  expect_service(server());
}

TEST_F(pool_network, reset_under_a_write_is_an_error_and_only_that) {
  auto running = ask("SELECT pg_sleep(60)", seconds{90});
  wait_until([this] { return inspect().leased == 1; });
  wait_until([] {
    return server().value(
               std::string{"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = '"} +
               application + "'") == "1";
  });
  gate.reset_all();
  EXPECT_EQ(code(running), errc::database_unavailable);
  // The backend sleeps on until it notices; it is the server's, not the pool's.
  server().exec(std::string{"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"} +
                application + "'");
  expect_service(server());
}

TEST_F(pool_network, refused_port_opens_the_breaker_which_answers_at_once) {
  ASSERT_TRUE(read().get());
  gate.refuse();
  gate.reset_all();
  until_unavailable();
  // A minute is allowed; the answer needs none of it.
  auto a = ask("SELECT 1", seconds{60});
  EXPECT_EQ(code(a), errc::database_unavailable);
  gate.forward();
  expect_service(server());
}

TEST_F(pool_network, dropped_packets_end_at_the_deadline_and_service_returns) {
  ASSERT_TRUE(read().get());
  gate.pause();
  until_unavailable();
  gate.forward();
  expect_service(server());
}

TEST_F(pool_network, half_open_connections_end_at_the_deadline_and_service_returns) {
  ASSERT_TRUE(read().get());
  gate.swallow();
  until_unavailable();
  gate.forward();
  expect_service(server());
}

TEST_F(pool_network, delay_is_only_slow) {
  gate.delay(milliseconds{50});
  std::vector<answer> all;
  for (int i = 0; i < 8; ++i) all.push_back(read());
  for (auto& a : all) EXPECT_TRUE(a.get());
  gate.forward();
  expect_service(server());
}

}  // namespace
}  // namespace quorate::tests
