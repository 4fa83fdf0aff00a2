// SPDX-License-Identifier: MIT
#include "actors/http_front.hpp"

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "actors/caf.hpp"
#include "tests/common/fake_pool.hpp"
#include "tests/common/test_system.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;

class http_front_test : public testing::Test {
 protected:
  ~http_front_test() override {
    supervised.reset();
    sys.run();
  }

  call_start call(std::function<void(request_context&)> body) {
    return {"the_method", sys.now() + 30s, std::move(body), [this](result<std::string> r) {
              ++answers;
              answer = std::move(r);
            }};
  }
  std::shared_ptr<call_ticket> start(std::function<void(request_context&)> body) {
    return front->start(call(std::move(body)));
  }
  std::string text() const { return answer && *answer ? **answer : std::string{"no value"}; }
  errc code() const { return answer && !*answer ? answer->error().code : errc{}; }
  std::size_t requests_running() {
    for (const auto& one : figures.snapshot())
      if (one.name == "request") return one.running;
    return 0;
  }
  /// Replaces the front actor, as after a crash.
  void crash_front() {
    caf::anon_send_exit(front_actor, caf::exit_reason::kill);
    sys.advance(1s);
  }

  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  tests::fake_pool pool;
  caf::actor front_actor;
  std::unique_ptr<http_front> front =
      std::make_unique<http_front>(sys.system(), pool, figures, registry, front_settings{.in_flight = 2});
  std::unique_ptr<supervisor> supervised = [this] {
    auto spec = front->child();
    spec.publish = [this, inner = spec.publish](const caf::actor& now) {
      front_actor = now;
      inner(now);
    };
    return std::make_unique<supervisor>(sys.system(), figures, supervisor_settings{}, std::vector{spec},
                                        [](int, const std::string&) {});
  }();
  std::function<void(std::function<void()>)> throw_away;
  int answers = 0;
  std::optional<result<std::string>> answer;
};

TEST_F(http_front_test, admits_up_to_its_limit_and_sheds_the_rest) {
  EXPECT_TRUE(front->admit());
  EXPECT_TRUE(front->admit());
  EXPECT_FALSE(front->admit());
  EXPECT_EQ(front->in_flight(), 2u);
  front->leave();
  EXPECT_TRUE(front->admit());
  EXPECT_NE(registry.render().find("quorate_calls_shed_total 1\n"), std::string::npos);
}

TEST_F(http_front_test, runs_the_body_in_an_actor_of_its_own_and_answers_once) {
  std::string label;
  const auto ticket = start([&](request_context& c) {
    label = c.label();
    c.reply(std::string{"1"});
    c.reply(std::string{"2"});
  });
  EXPECT_EQ(answers, 0);
  sys.run();
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(text(), "1");
  EXPECT_EQ(label, "the_method");
  EXPECT_EQ(requests_running(), 0u);
}

TEST_F(http_front_test, many_calls_of_one_turn_are_one_message) {
  sys.run();
  const auto before = figures.snapshot();
  for (int i = 0; i < 10; ++i) start([](request_context& c) { c.reply(std::string{"ok"}); });
  sys.run();
  EXPECT_EQ(answers, 10);
  const auto of_front = [](const std::vector<actor_figures>& all) {
    for (const auto& one : all)
      if (one.name == "http_front") return one.processed;
    return std::uint64_t{0};
  };
  EXPECT_EQ(of_front(figures.snapshot()), of_front(before) + 1);
}

TEST_F(http_front_test, a_unit_of_work_goes_through_the_pool_with_the_deadline_of_the_call) {
  const auto ticket = start([](request_context& c) {
    c.run<int>(
        db::access::read_only, [](db::transaction&) -> result<int> { return 41; },
        [&c](result<int> n) { c.reply(std::to_string(*n + 1)); });
  });
  sys.run();
  ASSERT_EQ(pool.waiting(), 1u);
  EXPECT_EQ(pool.front().label, "the_method");
  EXPECT_EQ(pool.front().deadline, sys.now() + 30s);
  EXPECT_EQ(answers, 0);
  pool.run_one();
  EXPECT_EQ(answers, 0);  // only inside its own actor
  sys.run();
  EXPECT_EQ(text(), "42");
}

TEST_F(http_front_test, an_error_of_the_pool_reaches_the_method) {
  const auto ticket = start([](request_context& c) {
    c.run<int>(
        db::access::read_only, [](db::transaction&) -> result<int> { return 1; },
        [&c](result<int> n) { c.reply(tl::unexpected{n.error()}); });
  });
  sys.run();
  pool.refuse_one(fail(errc::pool_exhausted, "Database pool exhausted"));
  sys.run();
  EXPECT_EQ(code(), errc::pool_exhausted);
}

TEST_F(http_front_test, an_exception_in_any_step_is_an_internal_error_with_its_text_kept_for_the_log) {
  start([](request_context&) { throw std::runtime_error("secret"); });
  sys.run();
  EXPECT_EQ(code(), errc::internal);
  EXPECT_EQ(answer->error().message, "Internal error");
  EXPECT_EQ(answer->error().detail, "secret");
  start([](request_context& c) { c.after(1s, [] { throw std::logic_error("later"); }); });
  sys.advance(1s);
  EXPECT_EQ(answers, 2);
  EXPECT_EQ(answer->error().detail, "later");
  EXPECT_EQ(requests_running(), 0u);
}

TEST_F(http_front_test, timers_run_in_order_and_end_with_the_call) {
  std::string seen;
  start([&](request_context& c) {
    c.after(20ms, [&] {
      seen += "2";
      c.reply(std::string{"done"});
    });
    c.after(10ms, [&] { seen += "1"; });
    c.after(30ms, [&] { seen += "3"; });
  });
  sys.advance(1s);
  EXPECT_EQ(seen, "12");
  EXPECT_EQ(answers, 1);
}

TEST_F(http_front_test, a_continuation_may_come_from_another_thread_and_is_harmless_when_late) {
  std::function<void(std::function<void()>)> resume;
  start([&](request_context& c) {
    resume = c.resumer();
    c.after(10ms, [&c] { c.reply(std::string{"ok"}); });
  });
  sys.run();
  bool early = false, late = false;
  resume([&] { early = true; });
  sys.advance(10ms);
  EXPECT_TRUE(early);
  resume([&] { late = true; });
  sys.run();
  EXPECT_FALSE(late);
}

TEST_F(http_front_test, abandoning_cancels_the_job_and_nobody_is_answered) {
  const auto ticket = start([](request_context& c) {
    c.run<int>(
        db::access::read_write, [](db::transaction&) -> result<int> { return 1; },
        [&c](result<int>) { c.reply(std::string{"never"}); });
  });
  sys.run();
  ticket->abandon();
  sys.run();
  EXPECT_EQ(pool.cancelled(), 1u);
  EXPECT_EQ(pool.waiting(), 0u);
  EXPECT_EQ(answers, 0);
  EXPECT_EQ(requests_running(), 0u);
  ticket->abandon();  // again: nothing
}

TEST_F(http_front_test, a_call_abandoned_before_it_began_never_runs) {
  bool ran = false;
  const auto ticket = start([&](request_context&) { ran = true; });
  ticket->abandon();
  sys.run();
  EXPECT_FALSE(ran);
  EXPECT_EQ(answers, 0);
}

TEST_F(http_front_test, a_method_that_forgets_to_reply_is_answered_at_once) {
  const auto ticket = start([](request_context&) {});
  sys.run();
  EXPECT_EQ(code(), errc::internal);
  EXPECT_EQ(requests_running(), 0u);
}

TEST_F(http_front_test, a_lost_job_is_an_error_and_not_a_silence) {
  const auto ticket = start([](request_context& c) {
    c.run<int>(
        db::access::read_only, [](db::transaction&) -> result<int> { return 1; },
        [&c](result<int> n) { c.reply(n ? result<std::string>{"?"} : tl::unexpected{n.error()}); });
  });
  sys.run();
  pool.lose_one();
  sys.run();
  EXPECT_EQ(code(), errc::database_unavailable);
}

TEST_F(http_front_test, a_call_that_waits_for_something_else_ends_after_its_deadline) {
  std::function<void(std::function<void()>)> keeps_it_alive;
  const auto ticket = start([&](request_context& c) { keeps_it_alive = c.resumer(); });
  sys.advance(30s);
  EXPECT_EQ(answers, 0);
  sys.advance(1s);
  EXPECT_EQ(code(), errc::query_timeout);
  EXPECT_EQ(requests_running(), 0u);
  EXPECT_NE(registry.render().find("quorate_calls_overdue_total 1\n"), std::string::npos);
}

TEST_F(http_front_test, calls_in_the_inbox_survive_the_death_of_the_front) {
  sys.run();
  caf::anon_send_exit(front_actor, caf::exit_reason::kill);
  start([](request_context& c) { c.reply(std::string{"ok"}); });
  sys.advance(1s);
  EXPECT_EQ(text(), "ok");
}

TEST_F(http_front_test, a_request_that_dies_in_a_later_step_is_answered_and_its_job_cancelled) {
  const auto ticket = start([this](request_context& c) {
    c.run<int>(
        db::access::read_only, [](db::transaction&) -> result<int> { throw std::runtime_error("unused"); },
        [&c](result<int>) { c.reply(std::string{"never"}); });
    throw_away = c.resumer();
  });
  sys.run();
  throw_away([] { throw std::runtime_error("killed"); });
  sys.run();
  EXPECT_EQ(code(), errc::internal);
  EXPECT_EQ(pool.cancelled(), 1u);
}

TEST_F(http_front_test, draining_refuses_new_calls_and_waits_for_the_rest) {
  ASSERT_TRUE(front->admit());
  bool drained = false;
  front->drain(10s, [&] { drained = true; });
  sys.run();
  EXPECT_TRUE(front->draining());
  EXPECT_FALSE(front->admit());
  EXPECT_FALSE(drained);
  front->leave();
  sys.run();
  EXPECT_TRUE(drained);
}

TEST_F(http_front_test, an_idle_front_drains_at_once) {
  bool drained = false;
  front->drain(10s, [&] { drained = true; });
  sys.run();
  EXPECT_TRUE(drained);
}

TEST_F(http_front_test, the_drain_deadline_answers_what_is_left) {
  ASSERT_TRUE(front->admit());
  std::function<void(std::function<void()>)> keeps_it_alive;
  const auto ticket = start([&](request_context& c) { keeps_it_alive = c.resumer(); });
  bool drained = false;
  front->drain(2s, [&] { drained = true; });
  sys.advance(1999ms);
  EXPECT_EQ(answers, 0);
  sys.advance(1ms);
  EXPECT_TRUE(drained);
  EXPECT_EQ(code(), errc::server_busy);
}

TEST_F(http_front_test, a_drain_survives_the_death_of_the_front) {
  ASSERT_TRUE(front->admit());
  bool drained = false;
  front->drain(10s, [&] { drained = true; });
  crash_front();
  EXPECT_FALSE(drained);
  front->leave();
  sys.run();
  EXPECT_TRUE(drained);
}

}  // namespace
}  // namespace quorate::actors
