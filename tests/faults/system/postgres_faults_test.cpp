// SPDX-License-Identifier: MIT
#include "tests/faults/system/stand.hpp"

/// PostgreSQL dies, freezes, throws its clients out or has no place for them, under a real server with callers on it.
namespace quorate::tests {
namespace {

constexpr const char* database = "faults";
constexpr auto call_limit = 2s;          // database.pool.timeout of the server under test
constexpr auto bound = call_limit + 3s;  // an answer that takes longer was not bounded by it

class postgres_faults : public testing::Test {
 protected:
  void SetUp() override {
    quorate_.emplace(serve_options{
        postgres_.create_database(database), {}, {{"database.pool.timeout", "2s"}, {"rpc.call_timeout", "2s"}}});
    quorate_->start();
    quorate_->result("sim_fundAccount", chain::json::array({some_account, 5}));
  }

  /// Service is back within `patience`, and what it says is what it said before.
  void expect_back(std::chrono::seconds patience) {
    quorate_->wait_for_service("eth_getBalance", balance_params(), patience);
    quorate_->wait_for_service("sim_fundAccount", chain::json::array({"0x0000000000000000000000000000000000000043", 1}),
                               patience);
    EXPECT_EQ(quorate_->result("eth_getBalance", balance_params()), "0x5");
    EXPECT_TRUE(eventually([&] { return quorate_->get("/ready").first == 200; }));
    EXPECT_TRUE(nothing_leaked(*quorate_, postgres_, database));
    EXPECT_EQ(quorate_->stop(), 0);
    EXPECT_EQ(postgres_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate'"), "0");
  }

  // What was committed has to be there after a crash, which the fixture does not ask for by itself.
  postgres_server postgres_{{"max_connections=30", "synchronous_commit=on"}};
  std::optional<quorate_process> quorate_;
};

TEST_F(postgres_faults, an_immediate_shutdown_is_answered_as_unavailable_and_service_returns_with_the_server) {
  callers readers{*quorate_, 6, "eth_getBalance", balance_params()};
  callers listers{*quorate_, 2, "sim_getTransactionsForAddress", chain::json::array({some_account})};
  ASSERT_TRUE(eventually([&] { return readers.count(0) > 20 && listers.count(0) > 5; }));
  postgres_.stop(postgres_server::stop_mode::immediate);
  EXPECT_TRUE(eventually([&] { return readers.count(-32008) > 5 && listers.count(-32008) > 5; }));
  EXPECT_EQ(quorate_->get("/ready").first, 503);
  const auto before = readers.count(0);
  postgres_.start();
  EXPECT_TRUE(eventually([&] { return readers.count(0) > before + 20; }));
  const auto r = readers.stop(), l = listers.stop();
  EXPECT_TRUE(only_codes(r, {-32008}));
  EXPECT_TRUE(only_codes(l, {-32008}));
  EXPECT_LT(std::max(r.longest, l.longest), bound);
  expect_back(5s);
}

TEST_F(postgres_faults, a_killed_postmaster_is_answered_as_unavailable_and_service_returns) {
  callers readers{*quorate_, 4, "eth_getBalance", balance_params()};
  ASSERT_TRUE(eventually([&] { return readers.count(0) > 20; }));
  postgres_.restart(postgres_server::stop_mode::kill);
  const auto before = readers.count(0);
  EXPECT_TRUE(eventually([&] { return readers.count(0) > before + 20; }));
  const auto seen = readers.stop();
  EXPECT_TRUE(only_codes(seen, {-32008}));
  EXPECT_LT(seen.longest, bound);
  expect_back(5s);
}

TEST_F(postgres_faults, terminated_backends_are_replaced) {
  callers readers{*quorate_, 4, "eth_getBalance", balance_params()};
  for (int i = 0; i < 5; ++i) {
    const auto before = readers.count(0);
    postgres_.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quorate'");
    EXPECT_TRUE(eventually([&] { return readers.count(0) > before + 20; })) << "round " << i;
  }
  const auto seen = readers.stop();
  EXPECT_TRUE(only_codes(seen, {-32008}));
  EXPECT_LT(seen.longest, bound);
  expect_back(5s);
}

TEST_F(postgres_faults, a_frozen_server_costs_a_call_its_deadline_and_no_more) {
  callers readers{*quorate_, 6, "eth_getBalance", balance_params()};
  callers funders{*quorate_, 2, "sim_fundAccount",
                  chain::json::array({"0x0000000000000000000000000000000000000044", 1})};
  ASSERT_TRUE(eventually([&] { return readers.count(0) > 20; }));
  postgres_.sigstop();
  EXPECT_TRUE(eventually([&] { return readers.count(-32008) + readers.count(-32009) > 5; }));
  postgres_.sigcont();
  const auto before = readers.count(0);
  EXPECT_TRUE(eventually([&] { return readers.count(0) > before + 20; }));
  const auto r = readers.stop(), f = funders.stop();
  EXPECT_TRUE(only_codes(r, {-32008, -32009}));
  EXPECT_TRUE(only_codes(f, {-32008, -32009}));
  EXPECT_LT(std::max(r.longest, f.longest), bound);
  expect_back(10s);
}

TEST_F(postgres_faults, no_place_left_on_the_server_is_not_the_end_of_the_connections_there_are) {
  std::vector<std::unique_ptr<pqxx::connection>> squatters;
  try {
    for (int i = 0; i < 40; ++i) squatters.push_back(std::make_unique<pqxx::connection>(postgres_.url()));
  } catch (const pqxx::broken_connection&) {
    // The server is full now.
  }
  ASSERT_GT(squatters.size(), 5u);
  callers listers{*quorate_, 12, "sim_getTransactionsForAddress", chain::json::array({some_account})};
  EXPECT_TRUE(eventually([&] { return listers.count(0) > 100; }));
  const auto full = listers.stop();
  EXPECT_TRUE(only_codes(full, {}));
  EXPECT_LT(full.longest, bound);
  squatters.clear();
  expect_back(5s);
}

TEST_F(postgres_faults, no_place_left_and_no_connection_either_is_unavailable) {
  std::vector<std::unique_ptr<pqxx::connection>> squatters;
  callers readers{*quorate_, 4, "eth_getBalance", balance_params()};
  // Whatever Quorate loses is taken by somebody else.
  const auto squat = [&] {
    try {
      for (;;) squatters.push_back(std::make_unique<pqxx::connection>(postgres_.url()));
    } catch (const pqxx::broken_connection&) {
    }
  };
  squat();
  pqxx::nontransaction killer{*squatters.front()};
  EXPECT_TRUE(eventually([&] {
    killer.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quorate'");
    squat();
    return readers.count(-32008) > 10;
  }));
  killer.abort();
  squatters.clear();
  const auto before = readers.count(0);
  EXPECT_TRUE(eventually([&] { return readers.count(0) > before + 20; }));
  const auto seen = readers.stop();
  EXPECT_TRUE(only_codes(seen, {-32008}));
  EXPECT_LT(seen.longest, bound);
  expect_back(5s);
}

}  // namespace
}  // namespace quorate::tests
