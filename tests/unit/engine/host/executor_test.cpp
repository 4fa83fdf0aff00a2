// SPDX-License-Identifier: MIT
#include "engine/host/executor.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <future>

#include "tests/unit/engine/host/fake_manager.hpp"

namespace quorate::engine::host {
namespace {

using namespace std::chrono_literals;
using chain::bytes;
using chain::calldata_map;
using chain::calldata_value;
using chain::json;

constexpr const char* posted = "POST /genvm/run";
constexpr const char* looked = "GET /genvm/r1";
constexpr const char* checked = "POST /llm/check";
constexpr const char* removed = "DELETE /genvm/r1?wait_timeout_ms=20";

const bytes goodbye{7};

/// Accounts of the test; counts who asks.
class fixed_accounts final : public account_source {
 public:
  void fetch(const chain::address20& account, on_account done) override {
    ++asked;
    if (account == broken) return done(fail(errc::internal, "no database", {}, "fatal: true"));
    auto view = std::make_shared<account_view>();
    view->balance = 258;
    view->accepted.apply({{chain::word256{}, 0, bytes(32, 0xaa)}});
    view->finalized.apply({{chain::word256{}, 0, bytes(32, 0xff)}});
    done(view);
  }
  chain::address20 broken{0xbb};
  std::atomic<int> asked{0};
};

bytes question(std::uint8_t method, bytes fields) {
  fields.insert(fields.begin(), method);
  return fields;
}

bytes storage_of(std::uint8_t mode, std::uint8_t size) {
  bytes fields(61);
  fields[0] = mode;
  fields[57] = size;
  return question(0, fields);
}

std::string status_of(result_kind kind, calldata_map fields, const std::string& printed = {}) {
  bytes blob{static_cast<std::uint8_t>(kind)};
  const auto encoded = chain::encode_calldata(calldata_value{std::move(fields)});
  blob.insert(blob.end(), encoded->begin(), encoded->end());
  return chain::dump_json(
      json{{"status", {{"consumed_result", blob}, {"stdout", printed}, {"stderr", ""}, {"genvm_log", json::array()}}}});
}

std::string returned_status() {
  calldata_map fields;
  fields.emplace("data", calldata_value{"done"});
  return status_of(result_kind::returned, std::move(fields));
}

/// A manager whose run `r1` goes as `engine` says, and has what `status` gives.
class an_executor : public testing::Test {
 protected:
  fake_manager::answer answer(const std::string& what, const std::string& socket) {
    if (what == posted) {
      if (on_post) return on_post(socket);
      if (engine) manager.start_engine(socket, engine);
      return {200, R"({"id":"r1"})"};
    }
    if (what == checked) return on_check;
    return what == looked ? on_look() : fake_manager::answer{};
  }

  run_result run(run_request request = {}) {
    std::promise<run_result> outcome;
    if (!made) make();
    made->start(std::move(request), accounts, [&](run_result got) { outcome.set_value(std::move(got)); });
    return outcome.get_future().get();
  }

  void make() {
    settings.manager = manager.address();
    settings.socket_folder = folder.path();
    made = make_executor(settings);
  }

  engine_script engine = [](test_stream& host) {
    host.write(goodbye);
    host.read(1);
  };
  std::function<fake_manager::answer(const std::string&)> on_post;
  std::function<fake_manager::answer()> on_look = [] { return fake_manager::answer{200, returned_status()}; };
  fake_manager::answer on_check;
  test_folder folder;
  fake_manager manager{[this](const std::string& what, const std::string& socket) { return answer(what, socket); }};
  // What must not happen takes an hour: the machine may be slow.
  executor_settings settings{.run_timeout = 1h,
                             .status_timeout = 1h,
                             .delete_timeout = 1h,
                             .run_retry_delay = 1ms,
                             .attempt_delay = 1ms,
                             .connect_grace = 1h};
  std::shared_ptr<fixed_accounts> accounts = std::make_shared<fixed_accounts>();
  std::unique_ptr<executor> made;
};

TEST_F(an_executor, answers_what_a_run_asks) {
  std::vector<bytes> heard;
  engine = [&](test_stream& host) {
    host.write(storage_of(0, 33));
    heard.push_back(host.read(34));
    host.write(storage_of(1, 1));
    heard.push_back(host.read(2));
    host.write(question(3, bytes(20)));
    heard.push_back(host.read(33));
    host.write(question(1, bytes(8)));
    host.write(question(4, {}));
    heard.push_back(host.read(9));
    host.write(question(2, bytes(24)));
    heard.push_back(host.read(1));
    host.write(question(5, {4, 0, 0, 0}));
    host.write(question(5, {2, 0, 0, 0}));
    host.write(goodbye);
    heard.push_back(host.read(2));
  };
  const auto outcome = run();
  manager.finish_engines();
  made.reset();
  EXPECT_EQ(outcome.data, calldata_value{"done"});
  EXPECT_EQ(outcome.disagreement, 4u);
  ASSERT_EQ(heard.size(), 6u);
  bytes page(34, 0xaa);
  page.front() = page.back() = 0;
  EXPECT_EQ(heard[0], page);
  EXPECT_EQ(heard[1], (bytes{0, 0xff}));
  EXPECT_EQ((bytes{heard[2].begin(), heard[2].begin() + 4}), (bytes{0, 2, 1, 0}));
  EXPECT_EQ(heard[3].front(), 0);
  EXPECT_EQ(heard[4], bytes{2});
  EXPECT_EQ(heard[5], bytes{0});
  EXPECT_EQ(accounts->asked, 1);
  EXPECT_EQ(manager.heard(), (std::vector<std::string>{posted, looked, removed}));
}

TEST_F(an_executor, lets_nobody_else_to_the_socket) {
  std::atomic<unsigned> mode{0};
  on_post = [&](const std::string& socket) {
    struct stat seen {};
    if (::stat(socket.c_str(), &seen) == 0) mode = seen.st_mode & 0777u;
    manager.start_engine(socket, engine);
    return fake_manager::answer{200, R"({"id":"r1"})"};
  };
  EXPECT_TRUE(run().is_returned());
  EXPECT_EQ(mode, 0600u);
}

TEST_F(an_executor, takes_the_result_of_a_run_that_hung_up) {
  engine = [](test_stream&) {};
  EXPECT_TRUE(run().is_returned());
}

TEST_F(an_executor, tries_again_with_accounts_read_anew_after_a_broken_protocol) {
  std::atomic<int> attempt{0};
  engine = [&](test_stream& host) {
    host.write(question(3, bytes(20)));
    host.read(33);
    host.write(++attempt == 1 ? bytes{99} : goodbye);
    host.read(1);
  };
  EXPECT_TRUE(run().is_returned());
  EXPECT_EQ(manager.count(posted), 2u);
  EXPECT_EQ(accounts->asked, 2);
  manager.await(removed, 2);
}

TEST_F(an_executor, hears_any_number_of_words_that_need_no_answer) {
  engine = [](test_stream& host) {
    bytes many;
    for (int count = 0; count < 200'000; ++count) many.insert(many.end(), {5, 1, 0, 0, 0});
    host.write(many);
    host.write(goodbye);
    host.read(1);
  };
  EXPECT_EQ(run().disagreement, 1u);
}

TEST_F(an_executor, asks_again_when_the_manager_hangs_up) {
  std::atomic<int> tries{0};
  on_post = [&](const std::string& socket) {
    if (++tries < 3) return fake_manager::answer{.hangs_up = true};
    manager.start_engine(socket, engine);
    return fake_manager::answer{200, R"({"id":"r1"})"};
  };
  EXPECT_TRUE(run().is_returned());
  EXPECT_EQ(tries, 3);
}

TEST_F(an_executor, notices_an_engine_that_died_without_connecting) {
  settings.connect_grace = 1ms;
  std::atomic<int> tries{0};
  std::atomic<bool> is_done{false};
  engine = [&](test_stream& host) {
    host.write(goodbye);
    if (host.read(1).size() == 1) is_done = true;
  };
  on_post = [&](const std::string& socket) {
    if (++tries > 1) manager.start_engine(socket, engine);
    return fake_manager::answer{200, R"({"id":"r1"})"};
  };
  on_look = [&] {
    const bool has_ended = tries == 1 || is_done;
    return fake_manager::answer{200, has_ended ? returned_status() : R"({"status":null})"};
  };
  EXPECT_TRUE(run().is_returned());
  EXPECT_EQ(tries, 2);
}

TEST_F(an_executor, gives_up_when_the_budget_is_gone) {
  on_post = [](const std::string&) { return fake_manager::answer{500, "no room"}; };
  const auto outcome = run({.budget = 50ms});
  EXPECT_EQ(outcome.kind, result_kind::vm_error);
  EXPECT_EQ(outcome.message(), "timeout");
  EXPECT_NE(outcome.standard_error.find("no room"), std::string::npos);
}

TEST_F(an_executor, does_not_try_again_after_a_fatal_failure) {
  on_post = [](const std::string&) { return fake_manager::answer{500, "ModuleError { fatal: true }"}; };
  EXPECT_EQ(run().message(), "timeout");
  EXPECT_EQ(manager.count(posted), 1u);
}

TEST_F(an_executor, tells_what_a_run_printed_that_took_too_long) {
  std::atomic<bool> is_stopped{false};
  engine = [](test_stream& host) { host.read(1); };
  calldata_map fields;
  fields.emplace("data", calldata_value{"exit_code 1"});
  const auto left = status_of(result_kind::vm_error, fields, "printed");
  on_look = [&] {
    // The first look of the end: it still runs.
    return fake_manager::answer{200, is_stopped.exchange(true) ? left : R"({"status":null})"};
  };
  const auto outcome = run({.budget = 50ms});
  EXPECT_EQ(outcome.message(), "timeout");
  EXPECT_EQ(outcome.standard_output, "printed");
  manager.await(removed, 2);
  EXPECT_EQ(manager.heard(), (std::vector<std::string>{posted, looked, removed, looked, removed}));
}

TEST_F(an_executor, takes_what_was_returned_at_the_last_moment) {
  engine = [](test_stream& host) { host.read(1); };
  EXPECT_EQ(run({.budget = 50ms}).data, calldata_value{"done"});
}

TEST_F(an_executor, refuses_effects_of_a_run_that_may_have_none) {
  calldata_map sent;
  sent.emplace("type", calldata_value{"EmitEvent"});
  calldata_map fields;
  fields.emplace("emissions", calldata_value{chain::calldata_array{calldata_value{std::move(sent)}}});
  const auto status = status_of(result_kind::returned, std::move(fields));
  on_look = [&] { return fake_manager::answer{200, status}; };
  EXPECT_EQ(run({.may = run_permissions::view()}).kind, result_kind::internal_error);
  EXPECT_TRUE(run().is_returned());
}

TEST_F(an_executor, stops_a_run_that_nobody_waits_for) {
  std::promise<void> connected, gone;
  engine = [&](test_stream& host) {
    host.write(question(4, {}));
    host.read(9);
    connected.set_value();
    host.read(1);
    gone.set_value();
  };
  make();
  std::atomic<bool> is_told{false};
  const auto id = made->start({}, accounts, [&](const run_result&) { is_told = true; });
  connected.get_future().wait();
  made->cancel(id);
  gone.get_future().wait();
  manager.await(removed, 1);
  EXPECT_EQ(made->running(), 0u);
  made.reset();
  EXPECT_FALSE(is_told);
}

TEST_F(an_executor, stops_its_runs_at_its_end) {
  settings.connect_grace = 1ms;
  engine = [](test_stream& host) { host.read(1); };
  std::promise<void> look;
  std::once_flag once;
  on_look = [&] {
    std::call_once(once, [&] { look.set_value(); });
    return fake_manager::answer{200, R"({"status":null})"};
  };
  // Two: one that is connected, one that is looked after, so that its number is known.
  on_post = [&, first = true](const std::string& socket) mutable {
    if (std::exchange(first, false)) manager.start_engine(socket, engine);
    return fake_manager::answer{200, R"({"id":"r1"})"};
  };
  make();
  for (int count = 0; count < 2; ++count) made->start({}, accounts, [](const run_result&) {});
  look.get_future().wait();
  made.reset();
  EXPECT_EQ(manager.count(removed), 2u);
}

TEST_F(an_executor, says_when_an_account_cannot_be_read) {
  engine = [&](test_stream& host) {
    bytes fields(20);
    fields[0] = 0xbb;
    host.write(question(3, fields));
    host.read(33);
  };
  const auto outcome = run();
  EXPECT_NE(outcome.standard_error.find("no database"), std::string::npos);
}

TEST_F(an_executor, takes_only_plain_names_of_runs) {
  for (const char* id : {R"("a b")", R"("../x")", R"("a\r\nb")", R"("")", "null", "1.5", "[]"}) {
    std::atomic<int> tries{0};
    on_post = [&, id](const std::string& socket) {
      if (++tries == 1) return fake_manager::answer{200, std::string{R"({"id":)"} + id + "}"};
      manager.start_engine(socket, engine);
      return fake_manager::answer{200, R"({"id":"r1"})"};
    };
    EXPECT_TRUE(run().is_returned());
    EXPECT_EQ(tries, 2) << id;
  }
}

TEST_F(an_executor, says_that_its_folder_has_too_long_a_name) {
  settings.manager = manager.address();
  settings.socket_folder = "/tmp/" + std::string(200, 'x');
  made = make_executor(settings);
  EXPECT_NE(run({.budget = 20ms}).standard_error.find("the socket for the engine"), std::string::npos);
}

TEST_F(an_executor, asks_the_manager_for_what_is_no_run) {
  make();
  const auto post = [this](std::chrono::milliseconds limit = 1h) {
    std::promise<result<json>> answer;
    made->post("/llm/check", {{"configs", json::array()}}, limit, [&](result<json> got) { answer.set_value(got); });
    return answer.get_future().get();
  };
  on_check.body = R"([{"available":true}])";
  const auto answered = post();
  ASSERT_TRUE(answered) << answered.error().detail;
  EXPECT_EQ(*answered, json::array({{{"available", true}}}));
  on_check = {404, "there is no such thing"};
  EXPECT_EQ(post().error().detail, "404 there is no such thing");
  on_check = {200, "<html>"};
  EXPECT_EQ(post().error().message, "The engine's answer is no JSON");
  EXPECT_EQ(manager.count(checked), 3u);
}

TEST(manager_addresses, are_of_two_sorts) {
  EXPECT_EQ(parse_manager_address("http://127.0.0.1:3999")->port, 3999);
  EXPECT_EQ(parse_manager_address("http://localhost:3999/")->host, "127.0.0.1");
  EXPECT_EQ(parse_manager_address("http://[::1]:3999")->host, "::1");
  EXPECT_EQ(parse_manager_address("unix:/run/engine")->path, "/run/engine");
  EXPECT_EQ(parse_manager_address("unix:///run/engine")->path, "/run/engine");
  for (const char* odd : {"", "unix:", "https://127.0.0.1:1", "http://127.0.0.1", "http://127.0.0.1:0",
                          "http://127.0.0.1:65536", "http://host:1", "http://127.0.0.1:1x"}) {
    EXPECT_FALSE(parse_manager_address(odd)) << odd;
  }
}

}  // namespace
}  // namespace quorate::engine::host
