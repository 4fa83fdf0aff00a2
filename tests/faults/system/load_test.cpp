// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/faults/system/stand.hpp"

/// What the pool says of itself is what PostgreSQL sees of it, also while there is work (docs/spec/seed.md S7).
namespace quorate::tests {
namespace {

constexpr const char* database = "load";

class pool_numbers : public testing::Test {
 protected:
  void start(std::map<std::string, std::string> settings) {
    url_ = postgres().create_database(database);
    quorate_.emplace(serve_options{url_, {}, std::move(settings)});
    quorate_->start();
  }
  static postgres_server& postgres() { return postgres_server::shared(); }
  static int sessions(const std::string& which = "true") {
    return std::stoi(
        postgres().value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate' AND datname = '" +
                         std::string{database} + "' AND " + which));
  }

  std::string url_;
  std::optional<quorate_process> quorate_;
};

TEST_F(pool_numbers, agree_while_every_connection_is_in_use) {
  start({{"database.pool.size", "6"}, {"database.pool.max_overflow", "4"}});
  std::optional<table_lock> lock{url_};
  callers funders{*quorate_, 20, "sim_fundAccount", chain::json::array({some_account, 1})};
  // Two of ten are kept free for the loops, one for background work.
  EXPECT_TRUE(eventually([] { return sessions("wait_event_type = 'Lock'") >= 7; }));
  chain::json pool;
  int seen = 0;
  EXPECT_TRUE(eventually([&] {
    pool = quorate_->pool_status();
    seen = sessions();
    return pool.at("connecting") == 0 && pool.at("closing") == 0 && pool.at("total").get<int>() + 1 == seen;
  })) << chain::dump_json(pool)
      << ", sessions: " << seen;
  EXPECT_GE(pool.at("checked_out").get<int>(), 7);
  EXPECT_LE(pool.at("checked_out").get<int>(), seen - 1);
  EXPECT_LE(pool.at("total"), pool.at("max_allowed"));
  lock.reset();
  EXPECT_TRUE(eventually([&] { return funders.count(0) >= 20; }));
  EXPECT_TRUE(only_codes(funders.stop(), {}));
  EXPECT_TRUE(nothing_leaked(*quorate_, postgres(), database));
  EXPECT_EQ(quorate_->stop(), 0);
}

/// Without overflow no connection is closed, so what was leased before the look is on the server during it, and what is
/// on the server then is known to the pool after it.
TEST_F(pool_numbers, agree_at_every_moment_of_a_busy_hour) {
  start({{"database.pool.size", "8"}, {"database.pool.max_overflow", "0"}});
  callers listers{*quorate_, 12, "sim_getTransactionsForAddress", chain::json::array({some_account})};
  callers readers{*quorate_, 4, "eth_getBalance", balance_params()};
  int most = 0;
  for (int i = 0; i < 100; ++i) {
    const auto before = quorate_->pool_status();
    const auto seen = sessions();
    const auto after = quorate_->pool_status();
    most = std::max(most, before.at("checked_out").get<int>());
    EXPECT_LE(before.at("checked_out").get<int>() + 1, seen);
    EXPECT_LE(seen, after.at("total").get<int>() + after.at("connecting").get<int>() + 1);
    EXPECT_LE(after.at("total"), after.at("max_allowed"));
  }
  EXPECT_GT(most, 0);
  EXPECT_TRUE(only_codes(listers.stop(), {}));
  EXPECT_TRUE(only_codes(readers.stop(), {}));
  EXPECT_TRUE(nothing_leaked(*quorate_, postgres(), database));
  EXPECT_EQ(quorate_->stop(), 0);
}

}  // namespace
}  // namespace quorate::tests
