// SPDX-License-Identifier: MIT
#include "actors/read_gateway.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "actors/caf.hpp"
#include "tests/common/fake_pool.hpp"
#include "tests/common/test_system.hpp"

namespace quorate::actors {
namespace {

using db::read_kind;
using namespace std::chrono_literals;

class read_gateway_test : public testing::Test {
 protected:
  ~read_gateway_test() override {
    supervised.reset();
    gateway.reset();
    sys.run();
  }

  void start(read_gateway_settings settings = {}) {
    gateway =
        std::make_unique<read_gateway>(sys.system(), pool, figures, registry, settings,
                                       [this](db::transaction&, const db::read_keys& keys) { return statement(keys); });
    supervised = std::make_unique<supervisor>(sys.system(), figures, supervisor_settings{},
                                              std::vector{gateway->child()}, [](int, const std::string&) {});
    sys.run();
  }

  /// The database: every key but "none" has a row that says its key.
  result<db::read_results> statement(const db::read_keys& keys) {
    statements.push_back(keys);
    if (during) std::exchange(during, nullptr)();
    db::read_results out;
    for (const auto& [kind, wanted] : keys)
      for (const auto& key : wanted)
        if (key != "none") out[kind].emplace(key, "row of " + key);
    return out;
  }

  void read(const std::string& key, read_kind kind = read_kind::contract_code, duration deadline = 30s) {
    gateway->read({kind, key, sys.now() + deadline, [this, key](result<db::read_value> value) {
                     ++answers[key];
                     if (!value) data[key] = value.error().data;
                     if (!value)
                       got[key] = "error " + std::to_string(static_cast<int>(value.error().code));
                     else if (std::holds_alternative<std::monostate>(*value))
                       got[key] = "nothing";
                     else
                       got[key] = std::get<std::string>(*value);
                   }});
  }
  static std::string error(errc code) { return "error " + std::to_string(static_cast<int>(code)); }

  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  tests::fake_pool pool;
  std::unique_ptr<read_gateway> gateway;
  std::unique_ptr<supervisor> supervised;
  std::vector<db::read_keys> statements;
  std::function<void()> during;
  std::map<std::string, std::string> got;
  std::map<std::string, std::string> data;  // of errors
  std::map<std::string, int> answers;
};

TEST_F(read_gateway_test, a_lone_read_goes_at_once) {
  start();
  read("a");
  ASSERT_EQ(pool.waiting(), 1u);
  EXPECT_EQ(pool.front().access, db::access::single_statement);
  EXPECT_EQ(pool.front().cls, work_class::request);
  pool.run_one();
  EXPECT_EQ(got["a"], "row of a");
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(read_gateway_test, what_waits_when_the_lease_is_there_travels_together_and_each_gets_its_own_row) {
  start();
  for (const auto* key : {"a", "b", "none", "c"}) read(key);
  EXPECT_EQ(pool.waiting(), 1u);
  pool.run_one();
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_EQ(statements[0].at(read_kind::contract_code), (std::vector<std::string>{"a", "b", "none", "c"}));
  EXPECT_EQ(got["a"], "row of a");
  EXPECT_EQ(got["b"], "row of b");
  EXPECT_EQ(got["c"], "row of c");
  EXPECT_EQ(got["none"], "nothing");
}

TEST_F(read_gateway_test, the_same_key_is_asked_once_and_answers_everybody) {
  start();
  for (int i = 0; i < 3; ++i) read("a");
  pool.run_one();
  EXPECT_EQ(statements[0].at(read_kind::contract_code).size(), 1u);
  EXPECT_EQ(answers["a"], 3);
}

TEST_F(read_gateway_test, what_arrives_during_a_statement_goes_into_the_next_one_of_the_same_lease) {
  start();
  read("a");
  during = [this] {
    read("b");
    read("a");  // not answered by the statement that is under way: it began before this read arrived
  };
  pool.run_one();
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[1].at(read_kind::contract_code), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(answers["a"], 2);
  EXPECT_EQ(pool.submitted(), 1u);
}

TEST_F(read_gateway_test, kinds_travel_in_statements_of_their_own) {
  start();
  read("a", read_kind::contract_code);
  read("b", read_kind::receipt);
  read("c", read_kind::contract_code);
  pool.run_one();
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0].size(), 1u);
  EXPECT_EQ(statements[0].at(read_kind::contract_code).size(), 2u);
  EXPECT_EQ(statements[1].at(read_kind::receipt).size(), 1u);
  pool.run_all();  // the lease that the receipt was given meanwhile finds nothing
  EXPECT_EQ(statements.size(), 2u);
}

TEST_F(read_gateway_test, a_kind_does_not_wait_behind_the_statement_of_another) {
  start();
  read("slow", read_kind::transaction);
  during = [this] {
    read("b", read_kind::balance);
    ASSERT_EQ(pool.waiting(), 1u) << "a lease of its own";
    read("more", read_kind::transaction);
    EXPECT_EQ(pool.waiting(), 1u) << "of the same kind: the next statement is theirs";
    pool.run_one();
    EXPECT_EQ(got["b"], "row of b");
    EXPECT_EQ(answers.count("slow"), 0u) << "and it took no more of those, to hang in them too";
    EXPECT_EQ(answers.count("more"), 0u);
  };
  pool.run_one();
  EXPECT_EQ(got["slow"], "row of slow");
  EXPECT_EQ(got["more"], "row of more");
}

TEST_F(read_gateway_test, kinds_left_behind_by_a_batch_get_a_lease_too) {
  start();
  read("slow", read_kind::sender_nonce);
  read("b", read_kind::balance);
  read("r", read_kind::receipt);
  ASSERT_EQ(pool.waiting(), 3u);
  during = [this] {
    pool.run_one();
    pool.run_one();
    EXPECT_EQ(got["b"], "row of b");
    EXPECT_EQ(got["r"], "row of r");
  };
  pool.run_all();
  EXPECT_EQ(got["slow"], "row of slow");
}

TEST_F(read_gateway_test, rows_that_can_be_megabytes_travel_a_few_at_a_time) {
  start({.batch_limit = 256, .large_batch_limit = 2});
  for (const auto* key : {"a", "b", "c"}) read(key, read_kind::transaction);
  for (const auto* key : {"1", "2", "3"}) read(key, read_kind::balance);
  pool.run_all();
  ASSERT_EQ(statements.size(), 3u);
  for (const auto& one : statements)
    EXPECT_EQ(one.begin()->second.size(), one.contains(read_kind::balance) ? 3u : one == statements.front() ? 2u : 1u);
  EXPECT_EQ(answers.size(), 6u);
}

TEST_F(read_gateway_test, a_batch_has_a_limit_and_only_then_a_second_lease_is_taken) {
  start({.in_flight = 2, .batch_limit = 2});
  read("a");
  read("b");
  EXPECT_EQ(pool.waiting(), 1u);
  read("c");
  EXPECT_EQ(pool.waiting(), 2u);
  read("d");
  EXPECT_EQ(pool.waiting(), 2u);
  pool.run_all();
  EXPECT_EQ(answers.size(), 4u);
  for (const auto& one : statements) EXPECT_LE(one.at(read_kind::contract_code).size(), 2u);
}

TEST_F(read_gateway_test, gives_the_lease_back_after_a_while_and_queues_again) {
  start({.batch_limit = 1, .max_hold = 0s});
  read("a");
  read("b");
  pool.run_one();
  EXPECT_EQ(answers.size(), 1u);
  ASSERT_EQ(pool.waiting(), 1u);
  pool.run_one();
  EXPECT_EQ(answers.size(), 2u);
  EXPECT_EQ(pool.waiting(), 0u);
  read("c");  // and it begins again after it went idle
  pool.run_all();
  EXPECT_EQ(got["c"], "row of c");
}

TEST_F(read_gateway_test, a_full_queue_refuses_and_the_rest_is_served) {
  start({.queue_limit = 2});
  read("a");
  read("b");
  read("c");
  EXPECT_EQ(got["c"], error(errc::server_busy));
  pool.run_all();
  EXPECT_EQ(got["a"], "row of a");
  EXPECT_EQ(got["b"], "row of b");
}

TEST_F(read_gateway_test, the_error_of_a_statement_reaches_every_member_and_nobody_else) {
  start();
  read("a");
  read("b");
  during = [this] {
    read("c");
    throw std::runtime_error("relation is gone");
  };
  pool.run_one();
  EXPECT_EQ(got["a"], error(errc::internal));
  EXPECT_EQ(got["b"], error(errc::internal));
  EXPECT_EQ(answers.count("c"), 0u);
  pool.run_one();
  EXPECT_EQ(got["c"], "row of c");
}

TEST_F(read_gateway_test, an_unreachable_database_is_the_answer_of_everyone_who_waits) {
  start();
  read("a");
  read("b", read_kind::receipt);
  pool.refuse_one(fail(errc::database_unavailable, "Database unavailable"));
  EXPECT_EQ(got["a"], error(errc::database_unavailable));
  EXPECT_EQ(got["b"], error(errc::database_unavailable));
  pool.refuse_one(fail(errc::database_unavailable, "Database unavailable"));  // the lease for the other kind
  EXPECT_EQ(answers["b"], 1);
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(read_gateway_test, a_time_out_in_the_pools_queue_is_only_for_those_whose_time_is_over) {
  start();
  read("a", read_kind::contract_code, 1s);
  read("b", read_kind::contract_code, 9s);
  pool.refuse_one(fail(errc::pool_exhausted, "Database pool exhausted"));
  EXPECT_EQ(got["a"], error(errc::pool_exhausted));
  EXPECT_EQ(answers.count("b"), 0u);
  ASSERT_EQ(pool.waiting(), 1u);
  EXPECT_EQ(pool.front().deadline, sys.now() + 9s);
  pool.run_one();
  EXPECT_EQ(got["b"], "row of b");
}

TEST_F(read_gateway_test, a_lost_job_is_an_answer) {
  start();
  read("a");
  pool.lose_one();
  EXPECT_EQ(got["a"], error(errc::database_unavailable));
}

TEST_F(read_gateway_test, each_read_has_its_own_deadline_while_it_waits) {
  start();
  pool.figures.breaker = "closed";
  pool.figures.settings.size = 8;
  pool.figures.settings.max_overflow = 2;
  pool.figures.leased = 7;  // three are kept for the loops
  pool.figures.waiting = {4, 1, 0};
  read("late", read_kind::contract_code, 1s);
  read("b", read_kind::contract_code, 30s);
  sys.advance(1500ms);
  EXPECT_EQ(got["late"], error(errc::pool_exhausted));
  EXPECT_EQ(data["late"], R"({"size":8,"max_overflow":2,"leased":7,"waiting":5,"timeout_s":30,"retry_after_s":1})");
  EXPECT_EQ(answers.count("b"), 0u);
  pool.run_one();
  EXPECT_EQ(got["b"], "row of b");
  EXPECT_EQ(answers["late"], 1);
  EXPECT_NE(registry.render().find("quorate_read_gateway_expired_total 1\n"), std::string::npos);
}

TEST_F(read_gateway_test, each_read_has_its_own_deadline_while_its_statement_hangs) {
  start();
  read("late", read_kind::contract_code, 1s);
  read("b", read_kind::contract_code, 30s);
  during = [this] { sys.advance(2s); };
  pool.run_one();
  EXPECT_EQ(got["late"], error(errc::query_timeout));
  EXPECT_EQ(answers["late"], 1);
  EXPECT_EQ(got["b"], "row of b");
}

TEST_F(read_gateway_test, a_read_that_waits_behind_a_slow_query_is_late_not_out_of_connections) {
  start();
  read("slow", read_kind::contract_code, 30s);
  during = [this] {
    read("b", read_kind::contract_code, 1s);
    sys.advance(1500ms);
  };
  pool.run_one();
  EXPECT_EQ(got["b"], error(errc::query_timeout));
  EXPECT_EQ(got["slow"], "row of slow");
}

TEST_F(read_gateway_test, the_sweep_sleeps_when_nothing_waits_and_wakes_again) {
  start();
  read("a");
  pool.run_one();
  sys.advance(10s);
  const auto processed = [this] {
    for (const auto& one : figures.snapshot())
      if (one.name == "read_gateway") return one.processed;
    return std::uint64_t{0};
  };
  const auto asleep = processed();
  sys.advance(60s);
  EXPECT_EQ(processed(), asleep);
  read("late", read_kind::contract_code, 1s);
  sys.advance(1500ms);
  EXPECT_EQ(answers["late"], 1);
}

TEST_F(read_gateway_test, a_read_that_found_no_connection_in_a_pool_with_room_met_a_silent_server) {
  start();
  pool.figures.breaker = "closed";
  pool.figures.leased = 7;  // of 50
  read("late", read_kind::contract_code, 1s);
  sys.advance(1500ms);
  EXPECT_EQ(got["late"], error(errc::database_unavailable));
  pool.figures.paused = true;
  read("paused", read_kind::contract_code, 1s);
  sys.advance(1500ms);
  EXPECT_EQ(got["paused"], error(errc::pool_exhausted));
}

TEST_F(read_gateway_test, a_body_that_is_run_again_on_another_connection_sends_the_same_reads) {
  auto first = true;
  read_gateway again{sys.system(),
                     pool,
                     figures,
                     registry,
                     {},
                     [&](db::transaction&, const db::read_keys& keys) -> result<db::read_results> {
                       if (std::exchange(first, false)) throw std::runtime_error("connection broke");
                       return statement(keys);
                     }};
  std::string value;
  again.read({read_kind::contract_code, "x", sys.now() + 1s,
              [&](result<db::read_value> v) { value = std::get<std::string>(*v); }});
  // The pool repeats a read whose connection broke before it was answered.
  const auto job = pool.take();
  db::transaction nothing{nullptr};
  EXPECT_THROW(job->body(nothing).has_value(), std::runtime_error);
  job->finish(job->body(nothing));
  EXPECT_EQ(value, "row of x");
}

TEST_F(read_gateway_test, a_result_that_comes_after_the_pool_gave_up_is_thrown_away) {
  start();
  read("a");
  const auto hanging = pool.take();
  during = [&] { hanging->finish(fail(errc::query_timeout, "Query timed out")); };
  db::transaction nothing{nullptr};
  EXPECT_TRUE(hanging->body(nothing).has_value());
  EXPECT_EQ(got["a"], error(errc::query_timeout));
  EXPECT_EQ(answers["a"], 1);
  read("b");
  pool.run_all();
  EXPECT_EQ(got["b"], "row of b");
}

TEST_F(read_gateway_test, without_coalescing_every_read_is_a_job_of_its_own) {
  start({.coalesce = false});
  for (const auto* key : {"a", "b", "none"}) read(key);
  EXPECT_EQ(pool.waiting(), 3u);
  pool.run_one();
  pool.run_one();
  EXPECT_EQ(got["a"], "row of a");
  EXPECT_EQ(got["b"], "row of b");
  pool.refuse_one(fail(errc::pool_exhausted, "Database pool exhausted"));
  EXPECT_EQ(got["none"], error(errc::pool_exhausted));
}

TEST_F(read_gateway_test, letting_go_of_it_answers_what_waits) {
  start();
  read("a");
  supervised.reset();
  gateway.reset();
  EXPECT_EQ(got["a"], error(errc::server_busy));
  pool.run_all();
  EXPECT_EQ(answers["a"], 1);
}

TEST_F(read_gateway_test, a_callback_that_throws_costs_nobody_else_an_answer) {
  start();
  gateway->read({read_kind::contract_code, "x", sys.now() + 1s,
                 [](result<db::read_value>) { throw std::runtime_error("bad caller"); }});
  read("a");
  pool.run_one();
  EXPECT_EQ(got["a"], "row of a");
}

/// A pool with one thread: what the connection's thread is in life.
class threaded_pool final : public pool {
 public:
  threaded_pool() : thread_{[this] { work(); }} {}
  ~threaded_pool() override {
    {
      const std::lock_guard lock{mutex_};
      ended_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  void submit(job_ptr work) override {
    {
      const std::lock_guard lock{mutex_};
      jobs_.push_back(std::move(work));
    }
    wake_.notify_one();
  }
  void cancel(job_ptr) override {}
  void inspect(std::function<void(pool_snapshot)>) override {}
  void configure(pool_settings, std::function<void(status)>) override {}
  void adjust(std::function<result<pool_settings>(pool_settings)>, std::function<void(status)>) override {}
  void pause() override {}
  void resume() override {}
  void drain(time_point, std::function<void()>) override {}
  void evict() override {}

 private:
  void work() {
    std::unique_lock lock{mutex_};
    for (;;) {
      wake_.wait(lock, [this] { return ended_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      const auto one = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      db::transaction nothing{nullptr};
      one->finish(one->body(nothing));
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<job_ptr> jobs_;
  bool ended_ = false;
  std::thread thread_;
};

/// The pool may answer (its deadline, a drain) while the connection's thread is just beginning to run.
TEST(read_gateway_threads, the_pool_gives_up_while_the_statement_is_put_together) {
  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  tests::fake_pool connections;
  std::atomic<int> answered{0};
  {
    read_gateway gateway{sys.system(),
                         connections,
                         figures,
                         registry,
                         {},
                         [](db::transaction&, const db::read_keys&) -> result<db::read_results> {
                           return db::read_results{}; }};
    for (int round = 0; round < 200; ++round) {
      for (int i = 0; i < 50; ++i)
        gateway.read({read_kind::balance, std::string(42, 'a') + std::to_string(i), clock::now() + 60s,
                      [&](result<db::read_value>) { ++answered; }});
      const auto job = connections.take();
      std::atomic<bool> go{false};
      std::thread connection{[&] {
        while (!go) std::this_thread::yield();
        db::transaction nothing{nullptr};
        (void)job->body(nothing);
      }};
      go = true;
      job->finish(fail(errc::query_timeout, "Query timed out"));
      connection.join();
      while (connections.waiting() > 0) connections.run_one();
    }
  }
  EXPECT_EQ(answered.load(), 200 * 50);
}

TEST(read_gateway_threads, every_read_of_many_threads_is_answered_once_with_its_own_row) {
  metrics::registry registry;
  telemetry figures{registry};
  tests::test_system sys;
  std::atomic<int> right{0}, all{0};
  {
    threaded_pool connections;
    read_gateway gateway{sys.system(),
                         connections,
                         figures,
                         registry,
                         {.in_flight = 2, .batch_limit = 8, .max_hold = 0s},
                         [](db::transaction&, const db::read_keys& keys) -> result<db::read_results> {
                           db::read_results out;
                           for (const auto& [kind, wanted] : keys)
                             for (const auto& key : wanted) out[kind].emplace(key, "row of " + key);
                           return out;
                         }};
    std::vector<std::thread> clients;
    for (int t = 0; t < 4; ++t)
      clients.emplace_back([&, t] {
        for (int i = 0; i < 400; ++i) {
          const auto key = std::to_string((t * 7 + i) % 50);
          gateway.read({static_cast<read_kind>(i % 3), key, clock::now() + 60s, [&, key](result<db::read_value> v) {
                          ++all;
                          if (v && std::get<std::string>(*v) == "row of " + key) ++right;
                        }});
        }
      });
    for (auto& one : clients) one.join();
    while (all.load() < 1600) std::this_thread::yield();
  }
  EXPECT_EQ(right.load(), 1600);
  EXPECT_EQ(all.load(), 1600);
}

}  // namespace
}  // namespace quorate::actors
