// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "actors/pool/listener.hpp"
#include "tests/unit/actors/pool/pool_fixture.hpp"

/// The pool on real threads: what virtual time cannot show, because a running query blocks its thread.
namespace quorate::tests {
namespace {

class pool_threads : public ::testing::Test {
 protected:
  explicit pool_threads() {
    config_.set("scheduler.policy", caf::atom("sharing"));
    config_.set("scheduler.max-threads", 1);
    parts_->connector = db;
    parts_->counters = &counters;
    parts_->random = [] { return 0.5; };
  }
  ~pool_threads() override {
    pool.publish({});
    db->let_go();
    stop(supervisor);
    supervisor = {};
  }
  void start(std::size_t size, std::size_t overflow) {
    pool_settings s;
    s.size = size;
    s.max_overflow = overflow;
    s.warm_up = 0;
    s.reserved_consensus = s.reserved_background = 0;
    parts_->settings(s);
    system_ = std::make_unique<caf::actor_system>(config_);
    supervisor = pool.spawn(*system_);
    pool.publish(supervisor);
  }
  std::future<status> submit(duration timeout, job_ptr* out = nullptr) {
    auto answer = std::make_shared<std::promise<status>>();
    auto work = std::make_shared<job>(
        work_class::request, actors::clock::now() + timeout, db::access::read_write, "test",
        [](db::transaction&) { return status{}; }, [answer](status s) { answer->set_value(std::move(s)); });
    if (out != nullptr) *out = work;
    pool.submit(std::move(work));
    return answer->get_future();
  }
  pool_snapshot inspect() {
    std::promise<pool_snapshot> at;
    pool.inspect([&at](pool_snapshot s) { at.set_value(std::move(s)); });
    return at.get_future().get();
  }
  template <class Predicate>
  void wait_until(Predicate p) {
    while (!p()) std::this_thread::sleep_for(milliseconds{1});
  }

  std::shared_ptr<fake_database> db = std::make_shared<fake_database>();
  metrics::registry counters;
  parts_ptr parts_ = std::make_shared<parts>();
  pool_handle pool{parts_};
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::actor supervisor;
};

TEST_F(pool_threads, late_query_is_answered_cancelled_and_its_connection_used_again) {
  start(1, 0);
  EXPECT_TRUE(submit(seconds{60}).get());  // connected
  db->hold();
  auto late = submit(seconds{1});
  auto next = submit(seconds{60});
  EXPECT_EQ(late.get().error().code, errc::query_timeout);
  wait_until([this] { return db->cancels == 1; });
  db->let_go();
  EXPECT_TRUE(next.get());
  EXPECT_EQ(db->opened, 1);
}

TEST_F(pool_threads, hang_up_cancels_the_query_on_the_server) {
  start(1, 0);
  db->hold();
  job_ptr work;
  auto answer = submit(seconds{60}, &work);
  wait_until([this] { return db->runs == 1; });
  pool.cancel(work);
  EXPECT_EQ(answer.get().error().code, errc::cancelled);
  wait_until([this] { return inspect().leased == 0; });
  EXPECT_EQ(db->cancels, 1);
  EXPECT_EQ(db->live, 1);
}

TEST_F(pool_threads, thousand_hang_ups_open_no_more_than_the_pool_may) {
  start(3, 2);
  db->hold();
  std::vector<std::future<status>> answers;
  for (int i = 0; i < 1000; ++i) {
    job_ptr work;
    answers.push_back(submit(seconds{60}, &work));
    pool.cancel(work);
  }
  for (auto& a : answers) a.get();
  wait_until([this] { return inspect().leased == 0; });
  db->let_go();
  EXPECT_LE(db->most_live, 5);
  EXPECT_TRUE(submit(seconds{60}).get());
}

TEST_F(pool_threads, query_that_ignores_everything_ends_with_the_hang_up) {
  start(1, 0);
  auto s = parts_->settings();
  s.cancel_grace = milliseconds{20};
  std::promise<void> changed;
  pool.configure(s, [&](status) { changed.set_value(); });
  changed.get_future().get();
  EXPECT_TRUE(submit(seconds{60}).get());  // connected
  db->hold();
  EXPECT_EQ(submit(seconds{1}).get().error().code, errc::query_timeout);
  wait_until([this] { return inspect().leased == 0; });
  db->let_go();
  EXPECT_TRUE(submit(seconds{60}).get());
}

TEST_F(pool_threads, many_requesters_are_each_answered_once) {
  start(4, 4);
  std::vector<std::thread> clients;
  std::atomic<int> ok{0};
  for (int t = 0; t < 4; ++t)
    clients.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        if (submit(seconds{60}).get()) ++ok;
    });
  for (auto& c : clients) c.join();
  EXPECT_EQ(ok, 800);
  EXPECT_LE(db->most_live, 8);
}

TEST_F(pool_threads, dying_supervisor_hangs_up_on_what_runs) {
  start(2, 0);
  db->hold();  // a server that is silent
  auto a = submit(seconds{60}), b = submit(seconds{60});
  wait_until([this] { return db->runs == 2; });
  pool.publish({});
  stop(supervisor);
  supervisor = {};
  system_->await_all_actors_done();
  EXPECT_EQ(a.get().error().code, errc::database_unavailable);
  EXPECT_EQ(b.get().error().code, errc::database_unavailable);
  EXPECT_EQ(db->live, 0);
}

TEST_F(pool_threads, restarted_supervisor_counts_connections_still_at_work) {
  start(2, 0);
  db->hears_abort = false;
  db->hold();
  auto a = submit(seconds{60}), b = submit(seconds{60});
  wait_until([this] { return db->runs == 2; });
  stop(supervisor);
  EXPECT_EQ(a.get().error().code, errc::database_unavailable);
  EXPECT_EQ(b.get().error().code, errc::database_unavailable);
  supervisor = pool.spawn(*system_);
  pool.publish(supervisor);
  auto next = submit(seconds{60});
  EXPECT_EQ(inspect().connecting, 0u);
  db->let_go();
  EXPECT_TRUE(next.get());
  EXPECT_LE(db->most_live, 2);
}

TEST_F(pool_threads, starts_and_stops_many_times_without_hanging) {
  for (int i = 0; i < 30; ++i) {
    start(4, 0);
    std::vector<std::future<status>> answers;
    for (int k = 0; k < 8; ++k) answers.push_back(submit(seconds{60}));
    pool.publish({});
    stop(supervisor);
    supervisor = {};
    for (auto& a : answers) a.get();
    system_.reset();
    EXPECT_EQ(db->live, 0);
  }
}

TEST_F(pool_threads, listener_forwards_and_tells_when_something_may_be_missed) {
  start(1, 0);
  std::mutex mutex;
  std::vector<std::string> payloads;
  const auto heard = [&](const std::string& what) {
    const std::scoped_lock lock{mutex};
    return std::count(payloads.begin(), payloads.end(), what);
  };
  auto listening = spawn_listener(*system_, parts_, {{"quorate_transactions", [&](const db::notification& n) {
                                                        const std::scoped_lock lock{mutex};
                                                        payloads.push_back(n.payload);
                                                      }}});
  wait_until([&] { return heard("") == 1; });
  EXPECT_TRUE(parts_->listening);
  db->notify({"quorate_transactions", "0x01"});
  db->notify({"quorate_settings", "elsewhere"});
  wait_until([&] { return heard("0x01") == 1; });
  db->up = false;
  db->notify({});
  wait_until([&] { return !parts_->listening; });
  db->up = true;
  wait_until([&] { return heard("") == 2; });
  EXPECT_EQ(heard("elsewhere"), 0);
  stop(listening);
}

}  // namespace
}  // namespace quorate::tests
