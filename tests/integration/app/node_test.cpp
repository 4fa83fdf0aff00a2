// SPDX-License-Identifier: MIT
#include "app/node.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "chain/json.hpp"
#include "config/load.hpp"
#include "db/accounts.hpp"
#include "net/http_client.hpp"
#include "rpc/method.hpp"
#include "tests/common/postgres_server.hpp"

/// The whole node in this process, with a method of the test's own: it reads a row, and then works as long as the test
/// wants, as a call does that runs a contract (seed.md S5).
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;

class slow_work {
 public:
  void add_to(rpc::method_table& table) {
    table.add({.name = "test_slow",
               .summary = "Reads a balance, then works until it is told to end.",
               .params = {},
               .result_schema = {{"type", "string"}},
               .handler = rpc::steps{[this](const rpc::call&, actors::request_context& context) {
                 context.run<std::string>(
                     db::access::single_statement,
                     [](db::transaction& tx) -> result<std::string> {
                       auto wei = db::accounts::balance(tx, "0x0000000000000000000000000000000000000007");
                       if (!wei) return tl::unexpected{std::move(wei.error())};
                       return std::string{"\"done\""};
                     },
                     [this, &context](result<std::string> text) {
                       const std::lock_guard lock{mutex_};
                       working_.push_back([resume = context.resumer(), &context, text = std::move(text)] {
                         resume([&context, text] { context.reply(text); });
                       });
                     });
               }}});
  }

  std::size_t working() const {
    const std::lock_guard lock{mutex_};
    return working_.size();
  }
  void end_all() {
    const std::lock_guard lock{mutex_};
    for (const auto& end : working_) end();
    working_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> working_;
};

class whole_node : public testing::Test {
 protected:
  void SetUp() override {
    config::command_line flags;
    flags.settings = {{"server.port", {"--port", "0"}},
                      {"database.pool.size", {"--set", "3"}},
                      {"database.pool.max_overflow", {"--set", "2"}}};
    const auto settings = config::load(flags, {}, std::nullopt);
    ASSERT_TRUE(settings) << settings.error().message;
    auto started = app::node::start({*settings, postgres_server::shared().create_database("whole_node"),
                                     [this](rpc::method_table& table) { slow_.add_to(table); }});
    ASSERT_TRUE(started) << started.error().message << started.error().detail;
    node_ = std::move(*started);
    port_ = node_->port();
  }
  void TearDown() override {
    slow_.end_all();
    for (auto& one : callers_) one.join();
    if (!node_) return;
    EXPECT_TRUE(node_->shutdown(10s));
  }

  chain::json call(const std::string& method, const chain::json& params = chain::json::array()) const {
    const auto body = chain::dump_json({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}});
    const auto got = net::http_post_json("127.0.0.1", port_, "/api", body, 60s);
    if (!got) return {{"error", got.error().message}};
    return chain::parse_json(got->body).value_or(chain::json{});
  }
  int checked_out() const { return call("dev_getPoolStatus").at("result").at("pool").at("checked_out").get<int>(); }
  void call_slowly(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i)
      callers_.emplace_back([this] {
        auto answer = call("test_slow");
        const std::lock_guard lock{mutex_};
        answers_.push_back(std::move(answer));
      });
  }
  static void wait_until(const std::function<bool()>& holds) {  // the test's own time-out is the guard
    while (!holds()) std::this_thread::sleep_for(2ms);
  }

  slow_work slow_;
  std::unique_ptr<app::node> node_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> callers_;
  std::mutex mutex_;
  std::vector<chain::json> answers_;
};

TEST_F(whole_node, calls_at_work_between_their_steps_hold_no_connection_however_many_they_are) {
  constexpr std::size_t many = 40;  // eight times what the pool has
  call_slowly(many);
  wait_until([&] { return slow_.working() == many; });
  wait_until([&] { return checked_out() == 0; });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(call("eth_getBalance", {"0x0000000000000000000000000000000000000007", "latest"}).at("result"), "0x0");
    wait_until([&] { return checked_out() == 0; });
  }
  EXPECT_EQ(slow_.working(), many);
  slow_.end_all();
  for (auto& one : callers_) one.join();
  callers_.clear();
  ASSERT_EQ(answers_.size(), many);
  for (const auto& one : answers_) EXPECT_EQ(one.value("result", ""), "done") << chain::dump_json(one);
}

TEST_F(whole_node, a_drain_waits_for_calls_at_work) {
  call_slowly(3);
  wait_until([&] { return slow_.working() == 3; });
  std::thread ending{[this] { EXPECT_TRUE(node_->shutdown(20s)); }};
  // New calls are refused while the old ones go on.
  wait_until([&] { return !call("ping").contains("result"); });
  EXPECT_EQ(slow_.working(), 3u);
  slow_.end_all();
  ending.join();
  for (auto& one : callers_) one.join();
  callers_.clear();
  ASSERT_EQ(answers_.size(), 3u);
  for (const auto& one : answers_) EXPECT_EQ(one.value("result", ""), "done") << chain::dump_json(one);
  node_.reset();
}

}  // namespace
}  // namespace quorate::tests
