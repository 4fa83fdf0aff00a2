// SPDX-License-Identifier: MIT
#include "app/manager_modules.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "tests/common/fake_pool.hpp"

namespace quorate::app {
namespace {

using chain::json;
using kind = db::change::kind;

/// A manager that answers when the test says so.
class fake_manager final : public engine::host::executor {
 public:
  struct request {
    std::string target;
    json body;
    std::function<void(result<json>)> done;
  };
  std::uint64_t start(engine::host::run_request, std::shared_ptr<engine::host::account_source>, on_result) override {
    return 0;
  }
  void cancel(std::uint64_t) override {}
  void post(std::string target, json body, std::chrono::milliseconds, std::function<void(result<json>)> done) override {
    asked.push_back({std::move(target), std::move(body), std::move(done)});
  }
  void after(std::chrono::milliseconds, std::function<void()> what) override { later.push_back(std::move(what)); }
  std::size_t running() const override { return 0; }

  request next(result<json> answer) {
    auto one = std::move(asked.front());
    asked.pop_front();
    one.done(std::move(answer));
    return one;
  }
  /// The module is stopped, whatever comes of that, and started with the config that is returned.
  json restart(const char* module, const result<json>& answer = json::object()) {
    const auto stop = next(tl::unexpected{refusal});
    EXPECT_EQ(stop.target, "/module/stop");
    EXPECT_EQ(stop.body, (json{{"module_type", module}}));
    const auto start = next(answer);
    EXPECT_EQ(start.target, "/module/start");
    EXPECT_EQ(start.body.at("module_type"), module);
    EXPECT_EQ(start.body.at("allow_empty_backends"), true);
    return start.body.at("config");
  }

  const error refusal{errc::internal, "The engine refused", {}, "404"};
  std::deque<request> asked;
  std::deque<std::function<void()>> later;
};

db::validator_row validator(const std::string& address) {
  db::validator_row out;
  out.address = address;
  out.provider = "p";
  out.model = "m";
  out.plugin = "ollama";
  out.config = R"({"temperature": 0.5})";
  out.plugin_config = R"({"api_url": "http://h", "api_key_env_var": "KEY"})";
  return out;
}

db::change change_of(kind what) {
  db::change out;
  out.what = what;
  return out;
}

class manager_modules_test : public ::testing::Test {
 protected:
  std::shared_ptr<manager_modules> make(const std::string& webdriver = "") {
    return std::make_shared<manager_modules>(manager, pool, webdriver, [this](db::transaction&) { return rows; });
  }
  result<manager_modules::rows> rows = manager_modules::rows{validator("0xA")};
  fake_manager manager;
  quorate::tests::fake_pool pool;
};

TEST_F(manager_modules_test, are_those_of_the_validators_from_the_start) {
  make()->start();
  pool.run_one();
  EXPECT_EQ(manager.restart("Llm"),
            (json{{"backends",
                   {{"node-0xA",
                     {{"enabled", true},
                      {"host", "http://h"},
                      {"provider", "ollama"},
                      {"key", "${ENV[KEY]}"},
                      {"models",
                       {{"m",
                         {{"supports_json", true},
                          {"meta", {{"config", chain::parse_json(R"({"temperature": 0.5})").value()}}}}}}}}}}}}));
  EXPECT_TRUE(manager.asked.empty());
}

TEST_F(manager_modules_test, follow_the_validators_and_nothing_else) {
  const auto of = make();
  for (const auto other : {kind::stored, kind::status, kind::window}) of->changed(change_of(other));
  EXPECT_EQ(pool.submitted(), 0u);
  for (const auto change :
       {kind::validator_created, kind::validator_updated, kind::validator_deleted, kind::validators_deleted}) {
    of->changed(change_of(change));
    pool.run_one();
    manager.restart("Llm");
  }
  EXPECT_EQ(pool.submitted(), 4u);
}

TEST_F(manager_modules_test, are_told_once_more_for_all_that_changed_meanwhile) {
  const auto of = make();
  of->start();
  for (int i = 0; i < 5; ++i) of->changed(change_of(kind::validator_created));
  pool.run_one();
  rows = manager_modules::rows{};
  EXPECT_EQ(manager.restart("Llm").at("backends").size(), 1u);
  ASSERT_EQ(pool.waiting(), 1u);
  pool.run_one();
  EXPECT_EQ(manager.restart("Llm").at("backends"), json::object());
  EXPECT_EQ(pool.submitted(), 2u);
}

TEST_F(manager_modules_test, are_told_again_after_a_failure) {
  const auto of = make();
  of->start();
  pool.run_one();
  manager.restart("Llm", tl::unexpected{manager.refusal});
  ASSERT_EQ(manager.later.size(), 1u);
  rows = tl::unexpected{error{errc::database_unavailable, "Database unavailable", {}, {}}};
  manager.later.front()();
  pool.run_one();
  EXPECT_TRUE(manager.asked.empty());
  ASSERT_EQ(manager.later.size(), 2u);
  rows = manager_modules::rows{};
  manager.later.back()();
  pool.run_one();
  manager.restart("Llm");
  EXPECT_EQ(manager.later.size(), 2u);
}

TEST_F(manager_modules_test, have_the_webdriver_that_is_configured) {
  make("http://127.0.0.1:5001")->start();
  EXPECT_EQ(manager.restart("Web", tl::unexpected{manager.refusal}),
            (json{{"webdriver_host", "http://127.0.0.1:5001"}}));
  ASSERT_EQ(manager.later.size(), 1u);
  manager.later.front()();
  manager.restart("Web");
  EXPECT_EQ(manager.later.size(), 1u);
}

TEST_F(manager_modules_test, are_left_alone_at_the_end) {
  const auto of = make("http://127.0.0.1:5001");
  of->start();
  of->close();
  const auto before = manager.asked.size();
  pool.run_all();
  of->changed(change_of(kind::validator_created));
  of->start();
  EXPECT_EQ(manager.asked.size(), before);
  EXPECT_EQ(pool.waiting(), 0u);
}

}  // namespace
}  // namespace quorate::app
