// SPDX-License-Identifier: MIT
#include "tests/common/tcp_gate.hpp"
#include "tests/faults/system/stand.hpp"

/// SIGTERM while there is work, and while there is nobody to do it. An exit status of 70 would be the watchdog's, which
/// ends a process whose shutdown hangs.
namespace quorate::tests {
namespace {

constexpr const char* database = "shutdown";

/// The server stands still for as long as it lives.
class frozen {
 public:
  explicit frozen(postgres_server& server) : server_{server} { server_.sigstop(); }
  ~frozen() { server_.sigcont(); }
  frozen(const frozen&) = delete;
  frozen& operator=(const frozen&) = delete;

 private:
  postgres_server& server_;
};

class shutdown : public testing::Test {
 protected:
  void start(const std::string& url, std::map<std::string, std::string> settings) {
    quorate_.emplace(serve_options{url, {}, std::move(settings)});
    quorate_->start();
    ASSERT_TRUE(loops_have_looked(*quorate_));
  }
  std::size_t sessions(const std::string& which) const {
    return std::stoul(
        postgres_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'quorate' AND " + which));
  }
  void expect_nothing_left() {
    EXPECT_TRUE(eventually([&] { return sessions("true") == 0; }));
    EXPECT_EQ(quorate_->log().find("took too long"), std::string::npos) << quorate_->log();
  }

  postgres_server postgres_;
  std::optional<quorate_process> quorate_;
};

TEST_F(shutdown, calls_in_work_are_finished_and_answered) {
  const auto url = postgres_.create_database(database);
  start(url, {});
  constexpr std::size_t calls = 8;
  std::vector<rpc_answer> answers(calls);
  std::vector<std::thread> clients;
  {
    const table_lock lock{url};
    for (auto& a : answers)
      clients.emplace_back([&] { a = quorate_->call("sim_fundAccount", chain::json::array({some_account, 1})); });
    EXPECT_TRUE(eventually([&] { return sessions("wait_event_type = 'Lock'") == calls; }));
    quorate_->ask_to_stop();
    EXPECT_TRUE(eventually([&] { return quorate_->get("/ready").first != 200; }));
  }
  for (auto& c : clients) c.join();
  for (const auto& a : answers) EXPECT_TRUE(a.has_result()) << a.http_status << chain::dump_json(a.body);
  EXPECT_EQ(quorate_->wait_for_end(), 0);
  EXPECT_EQ(postgres_.value("SELECT balance FROM current_state", database), std::to_string(calls));
  expect_nothing_left();
}

TEST_F(shutdown, calls_that_outlast_the_deadline_are_answered_too) {
  const auto url = postgres_.create_database(database);
  start(url, {{"server.drain_deadline", "1s"}});
  rpc_answer answer;
  const table_lock lock{url};
  std::thread client{[&] { answer = quorate_->call("sim_fundAccount", chain::json::array({some_account, 1})); }};
  EXPECT_TRUE(eventually([&] { return sessions("wait_event_type = 'Lock'") == 1; }));
  quorate_->ask_to_stop();
  client.join();
  EXPECT_EQ(answer.error_code(), -32006) << answer.http_status << chain::dump_json(answer.body);
  EXPECT_EQ(quorate_->wait_for_end(), 0);
  expect_nothing_left();
}

TEST_F(shutdown, with_a_frozen_database_under_its_calls_it_still_ends_in_order) {
  start(postgres_.create_database(database), {{"server.drain_deadline", "1s"}});
  {
    callers readers{*quorate_, 4, "eth_getBalance", balance_params()};
    callers funders{*quorate_, 4, "sim_fundAccount", chain::json::array({some_account, 1})};
    ASSERT_TRUE(eventually([&] { return readers.count(0) > 20 && funders.count(0) > 20; }));
    const frozen silent{postgres_};
    EXPECT_TRUE(eventually([&] { return quorate_->pool_status().at("checked_out").get<int>() >= 4; }));
    quorate_->ask_to_stop();
    EXPECT_EQ(quorate_->wait_for_end(), 0);
  }
  expect_nothing_left();
}

/// Every attempt to connect hangs, the listener's too; connect_timeout is longer than anybody's patience.
TEST_F(shutdown, with_attempts_to_connect_that_hang_it_still_ends_in_order) {
  postgres_.create_database(database);
  tcp_gate gate{static_cast<std::uint16_t>(postgres_.port())};
  start("postgresql://postgres@127.0.0.1:" + std::to_string(gate.port()) + "/" + database,
        {{"server.drain_deadline", "1s"}, {"database.pool.connect_timeout", "5min"}});
  gate.swallow();
  const auto accepted = gate.accepted();
  gate.reset_all();
  callers funders{*quorate_, 2, "sim_fundAccount", chain::json::array({some_account, 1})};
  EXPECT_TRUE(eventually([&] {
    const auto pool = quorate_->pool_status();
    return pool.at("connecting").get<int>() > 0 && pool.at("listener") == false && gate.accepted() >= accepted + 2;
  }));
  quorate_->ask_to_stop();
  EXPECT_EQ(quorate_->wait_for_end(), 0);
  funders.stop();
  expect_nothing_left();
}

}  // namespace
}  // namespace quorate::tests
