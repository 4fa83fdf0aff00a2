// SPDX-License-Identifier: MIT
#include "engine/host/executor.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <future>

#include "app/embedded/engine.hpp"

namespace quorate::engine::host {
namespace {

using chain::calldata_value;

constexpr const char* header = "# { \"Depends\": \"py-genlayer:test\" }\nfrom genlayer import *\n";
constexpr const char* counter =
    "class C(gl.Contract):\n"
    "    n: u256\n"
    "    def __init__(self, n: int):\n"
    "        self.n = u256(n)\n"
    "    @gl.public.view\n"
    "    def get(self) -> int:\n"
    "        return self.n\n"
    "    @gl.public.view\n"
    "    def wealth(self) -> int:\n"
    "        return self.balance\n"
    "    @gl.public.view\n"
    "    def loop(self) -> None:\n"
    "        while True: pass\n"
    "    @gl.public.write\n"
    "    def set(self, n: int) -> None:\n"
    "        self.n = u256(n)\n"
    "    @gl.public.write\n"
    "    def agree(self) -> int:\n"
    "        return gl.vm.run_nondet_unsafe(lambda: 5, lambda result: gl.vm.unpack_result(result) == 5)\n";

class accounts_in_memory : public account_source {
 public:
  void fetch(const chain::address20&, on_account done) override {
    ++asked;
    if (refusal) return done(tl::unexpected{*refusal});
    done(std::make_shared<const account_view>(view));
  }
  account_view view{};
  std::atomic<int> asked{0};
  std::optional<error> refusal{};
};

chain::bytes call_of(const char* method, std::vector<chain::integer> numbers = {}) {
  chain::calldata_array args;
  for (auto& number : numbers) args.emplace_back(std::move(number));
  return chain::encode_calldata(chain::make_call(method, std::move(args))).value();
}

/// The engine that is shipped, on its socket.
class executor_on_engine : public testing::Test {
 protected:
  void SetUp() override {
    auto started = app::embedded_engine::start({QUORATE_ENGINE_BINARY, false, std::nullopt});
    ASSERT_TRUE(started) << started.error().message;
    engine_.emplace(std::move(*started));
    folder_ = "/tmp/quorate-executor-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    settings_.manager = parse_manager_address(engine_->url()).value();
    settings_.socket_folder = folder_;
    settings_.run_retry_delay = std::chrono::milliseconds{100};
    settings_.run_retries = 20;  // it starts at this moment
    settings_.attempt_delay = std::chrono::milliseconds{50};
    executor_ = make_executor(settings_);
  }
  void TearDown() override {
    executor_.reset();
    if (engine_) engine_->stop();
    std::error_code unseen;
    std::filesystem::remove_all(folder_, unseen);
  }

  static run_request request(chain::bytes calldata) {
    run_request out;
    out.message.contract[19] = 0xc0;
    out.message.datetime = "2024-11-26T06:42:42Z";
    out.calldata = std::move(calldata);
    return out;
  }

  run_result run(run_request asked) {
    auto done = std::make_shared<std::promise<run_result>>();
    executor_->start(std::move(asked), accounts_, [done](run_result outcome) { done->set_value(std::move(outcome)); });
    return done->get_future().get();
  }

  void deploy(int n) {
    auto asked = request(call_of("", {n}));
    asked.message.is_init = true;
    const std::string source = std::string{header} + counter;
    asked.code = chain::bytes{source.begin(), source.end()};
    const auto outcome = run(asked);
    ASSERT_TRUE(outcome.is_returned()) << outcome.message() << outcome.standard_error;
    accounts_->view.accepted.apply(outcome.storage);
  }

  run_result read(const char* method) {
    auto asked = request(call_of(method));
    asked.may = run_permissions::view();
    asked.is_sync = true;
    return run(asked);
  }

  std::optional<app::embedded_engine> engine_;
  std::string folder_;
  executor_settings settings_;
  std::shared_ptr<accounts_in_memory> accounts_ = std::make_shared<accounts_in_memory>();
  std::unique_ptr<executor> executor_;
};

TEST_F(executor_on_engine, deploys_reads_and_writes) {
  deploy(7);
  accounts_->view.balance = 55;
  EXPECT_EQ(read("get").data, calldata_value{chain::integer{7}});
  EXPECT_EQ(read("wealth").data, calldata_value{chain::integer{55}});
  const auto written = run(request(call_of("set", {8})));
  ASSERT_TRUE(written.is_returned()) << written.standard_error;
  EXPECT_EQ(written.storage.size(), 1u);
  accounts_->view.accepted.apply(written.storage);
  EXPECT_EQ(read("get").data, calldata_value{chain::integer{8}});
}

TEST_F(executor_on_engine, an_account_is_asked_for_once_in_a_run) {
  deploy(1);
  accounts_->asked = 0;
  ASSERT_TRUE(read("get").is_returned());
  EXPECT_EQ(accounts_->asked, 1);
}

TEST_F(executor_on_engine, a_view_cannot_write) {
  deploy(1);
  auto asked = request(call_of("set", {8}));
  asked.may = run_permissions::view();
  const auto outcome = run(asked);
  EXPECT_EQ(outcome.message(), "exit_code 1");
  EXPECT_NE(outcome.standard_error.find("6: forbidden"), std::string::npos);
}

TEST_F(executor_on_engine, a_validator_that_disagrees_says_so_and_goes_on) {
  deploy(1);
  const auto leader = run(request(call_of("agree")));
  ASSERT_TRUE(leader.is_returned()) << leader.standard_error;
  ASSERT_EQ(leader.nondet_results.size(), 1u);
  auto asked = request(call_of("agree"));
  asked.leader_results = leader.nondet_results;
  EXPECT_FALSE(run(asked).disagreement);
  asked.leader_results = {chain::bytes{0, 6 << 3 | 1}};
  const auto other = run(asked);
  EXPECT_EQ(other.disagreement, 0u);
  EXPECT_EQ(other.data, calldata_value{chain::integer{6}});
}

TEST_F(executor_on_engine, a_budget_ends_what_does_not_end) {
  deploy(1);
  auto asked = request(call_of("loop"));
  asked.budget = std::chrono::seconds{1};
  EXPECT_EQ(run(asked).message(), "timeout");
  EXPECT_TRUE(read("get").is_returned());
}

TEST_F(executor_on_engine, a_cancelled_run_is_not_heard_of) {
  deploy(1);
  std::atomic<bool> heard{false};
  const auto id = executor_->start(request(call_of("loop")), accounts_, [&](const run_result&) { heard = true; });
  EXPECT_EQ(executor_->running(), 1u);
  executor_->cancel(id);
  ASSERT_TRUE(read("get").is_returned());
  EXPECT_EQ(executor_->running(), 0u);
  EXPECT_FALSE(heard);
}

TEST_F(executor_on_engine, accounts_that_cannot_be_read_are_tried_again_until_the_time_is_over) {
  deploy(1);
  accounts_->refusal = error{errc::database_unavailable, "Database unavailable", {}, "gone"};
  auto asked = request(call_of("get"));
  asked.budget = std::chrono::seconds{4};
  const auto outcome = run(asked);
  EXPECT_EQ(outcome.message(), "timeout");
  EXPECT_NE(outcome.standard_error.find("Database unavailable"), std::string::npos);
  EXPECT_GT(accounts_->asked, 1);
}

TEST_F(executor_on_engine, an_engine_that_is_killed_is_waited_for) {
  deploy(1);
  auto done = std::make_shared<std::promise<run_result>>();
  auto asked = request(call_of("get"));
  asked.is_sync = true;
  engine_->stop();
  executor_->start(asked, accounts_, [done](run_result outcome) { done->set_value(std::move(outcome)); });
  auto again = app::embedded_engine::start({QUORATE_ENGINE_BINARY, false, std::nullopt});
  ASSERT_TRUE(again);
  // Another folder; the run goes where the first was.
  std::filesystem::create_directories(std::filesystem::path{engine_->url().substr(5)}.parent_path());
  std::filesystem::create_symlink(again->url().substr(5), engine_->url().substr(5));
  const auto outcome = done->get_future().get();
  EXPECT_EQ(outcome.data, calldata_value{chain::integer{1}});
  again->stop();
}

}  // namespace
}  // namespace quorate::engine::host
