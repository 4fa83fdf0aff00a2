// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <pqxx/pqxx>

#include "actors/pool/handle.hpp"
#include "db/pg_connector.hpp"
#include "tests/common/postgres_server.hpp"

namespace quorate::tests {

using namespace actors;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// The pool as it runs in the product, on a real PostgreSQL.
class pool_faults : public ::testing::Test {
 protected:
  static constexpr const char* application = "pool-fault-test";
  using answer = std::future<result<std::string>>;

  static pool_settings settings(std::size_t size, std::size_t overflow = 0) {
    pool_settings s;
    s.size = size;
    s.max_overflow = overflow;
    s.warm_up = 0;
    s.reserved_consensus = s.reserved_background = 0;
    s.connect_timeout = seconds{2};
    return s;
  }

  void start(const std::string& url, const pool_settings& with) {
    db::connect_settings how;
    how.url = url;
    how.application_name = application;
    auto connector = db::make_pg_connector(how);
    ASSERT_TRUE(connector) << connector.error().message;
    parts_->connector = std::move(*connector);
    parts_->counters = &counters_;
    parts_->random = [] { return 0.5; };
    parts_->settings(with);
    config_.set("scheduler.policy", caf::atom("sharing"));
    config_.set("scheduler.max-threads", 1);
    system_ = std::make_unique<caf::actor_system>(config_);
    supervisor_ = pool.spawn(*system_);
    pool.publish(supervisor_);
  }
  ~pool_faults() override {
    if (!system_) return;
    std::promise<void> drained;
    pool.drain(actors::clock::now() + seconds{1}, [&] { drained.set_value(); });
    drained.get_future().wait();
    pool.publish({});
    stop(supervisor_);
    supervisor_ = {};
    system_->await_all_actors_done();
  }

  /// First field of the first row.
  answer ask(const std::string& sql, duration timeout = seconds{20}, db::access access = db::access::read_write,
             job_ptr* out = nullptr) {
    auto heard = std::make_shared<std::promise<result<std::string>>>();
    auto work = make_job<std::string>(
        work_class::request, actors::clock::now() + timeout, access, sql,
        [sql](db::transaction& tx) -> result<std::string> {
          const auto rows = tx.native().exec(sql);
          return rows.empty() ? std::string{} : std::string{rows[0][0].c_str()};
        },
        [heard](result<std::string> r) { heard->set_value(std::move(r)); });
    if (out != nullptr) *out = work;
    pool.submit(std::move(work));
    return heard->get_future();
  }
  static errc code(answer& a) {
    const auto r = a.get();
    return r ? errc{255} : r.error().code;
  }
  answer read(const std::string& sql = "SELECT 1", duration timeout = seconds{20}) {
    return ask(sql, timeout, db::access::single_statement);
  }

  pool_snapshot inspect() {
    std::promise<pool_snapshot> at;
    pool.inspect([&at](pool_snapshot s) { at.set_value(std::move(s)); });
    return at.get_future().get();
  }
  template <class Predicate>
  static void wait_until(Predicate p) {  // the test's own time-out is the guard
    while (!p()) std::this_thread::sleep_for(milliseconds{5});
  }
  static std::size_t on_server(postgres_server& server) {
    return std::stoul(server.value(std::string{"SELECT count(*) FROM pg_stat_activity WHERE application_name = '"} +
                                   application + "'"));
  }

  /// Service is back by itself, and nothing is left over: the server counts what the pool counts.
  void expect_service(postgres_server& server) {
    wait_until([this] {
      auto a = ask("SELECT 1", seconds{5});
      return a.get().has_value();
    });
    wait_until([this] {
      const auto at = inspect();
      return at.leased + at.connecting + at.closing == 0;
    });
    const auto at = inspect();
    EXPECT_EQ(at.breaker, "closed");
    EXPECT_EQ(at.waiting[0] + at.waiting[1] + at.waiting[2], 0u);
    wait_until([&] { return on_server(server) == inspect().open; });
    EXPECT_EQ(
        server.value(std::string{"SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND "
                                 "application_name = '"} +
                     application + "'"),
        "0");
  }

  actors::pooling::parts_ptr parts_ = std::make_shared<actors::pooling::parts>();
  pool_handle pool{parts_};
  metrics::registry counters_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::actor supervisor_;
};

}  // namespace quorate::tests
