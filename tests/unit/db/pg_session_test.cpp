// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <signal.h>

#include <future>
#include <optional>
#include <pqxx/pqxx>
#include <thread>

#include "tests/common/tcp_gate.hpp"
#include "tests/unit/db/fixture.hpp"

namespace quorate::db::tests {
namespace {

class session : public database_test<session> {
 protected:
  void SetUp() override {
    sql("DROP TABLE IF EXISTS t; CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0); INSERT INTO t "
        "VALUES (1, 0), (2, 0)");
  }
  static db::run_options mode(access m) {
    run_options options;
    options.mode = m;
    return options;
  }
  static auto doing(std::string text) {
    return [text](transaction& tx) -> status {
      tx.native().exec(text);
      return {};
    };
  }
  static constexpr std::chrono::seconds patience{10};
  static std::string terminate(int pid) {
    return server().value("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 5000)");
  }

  std::unique_ptr<db::session> on = open_session(url_);
};

TEST_F(session, commits_on_a_value) {
  const auto left = on->run({}, doing("UPDATE t SET n = 5 WHERE id = 1"));
  ASSERT_TRUE(left.value) << left.value.error().detail;
  EXPECT_FALSE(left.broken);
  EXPECT_EQ(value("SELECT n FROM t WHERE id = 1"), "5");
}

TEST_F(session, rolls_back_on_an_error) {
  const auto left = on->run({}, [](transaction& tx) -> status {
    tx.native().exec("UPDATE t SET n = 5");
    return fail(errc::application, "no");
  });
  EXPECT_EQ(left.value.error().code, errc::application);
  EXPECT_FALSE(left.broken);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "0");
}

TEST_F(session, rolls_back_on_an_exception_and_stays_usable) {
  const auto left = on->run({}, [](transaction& tx) -> status {
    tx.native().exec("UPDATE t SET n = 5");
    throw std::runtime_error{"secret detail"};
  });
  EXPECT_EQ(left.value.error().code, errc::internal);
  EXPECT_EQ(left.value.error().message, "Internal error");
  EXPECT_EQ(left.value.error().detail, "secret detail");
  EXPECT_FALSE(left.broken);
  EXPECT_TRUE(on->run({}, doing("SELECT 1")).value);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "0");
}

TEST_F(session, asks_whether_the_requester_left_before_it_commits) {
  run_options options;
  int asked = 0;
  options.abandoned = [&] { return ++asked > 1; };  // not yet when the work starts
  const auto left = on->run(options, doing("UPDATE t SET n = 5"));
  EXPECT_EQ(left.value.error().code, errc::cancelled);
  EXPECT_FALSE(left.broken);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "0");
}

TEST_F(session, does_nothing_for_a_requester_who_left_before) {
  run_options options;
  options.abandoned = [] { return true; };
  bool ran = false;
  const auto left = on->run(options, [&](transaction&) -> status {
    ran = true;
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::cancelled);
  EXPECT_FALSE(ran);
}

TEST_F(session, a_unique_violation_is_a_duplicate) {
  const auto left = on->run({}, doing("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(left.value.error().code, errc::duplicate);
  EXPECT_FALSE(left.broken);
  EXPECT_TRUE(on->run({}, doing("SELECT 1")).value);
}

TEST_F(session, other_sql_errors_are_internal_and_tell_the_client_nothing) {
  for (const auto* const text :
       {"SELECT * FROM nowhere", "SELECT 1/0", "INSERT INTO t VALUES (3, NULL)", "SELEC", "SELECT 99999999999::int"}) {
    const auto left = on->run({}, doing(text));
    EXPECT_EQ(left.value.error().code, errc::internal) << text;
    EXPECT_EQ(left.value.error().message, "Internal error");
    EXPECT_FALSE(left.value.error().detail.empty());
    EXPECT_FALSE(left.broken) << text;
  }
}

TEST_F(session, a_hidden_failure_is_not_committed_as_success) {
  const auto left = on->run({}, [](transaction& tx) -> status {
    tx.native().exec("UPDATE t SET n = 5");
    try {
      tx.native().exec("SELECT 1/0");
    } catch (const pqxx::sql_error&) {
    }
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::internal);
  EXPECT_FALSE(left.broken);
}

TEST_F(session, a_unit_of_work_that_commits_by_itself_is_found_out) {
  const auto left = on->run({}, doing("COMMIT"));
  EXPECT_EQ(left.value.error().code, errc::internal);
  EXPECT_FALSE(left.broken);
}

TEST_F(session, a_serialization_failure_is_repeated_and_then_succeeds) {
  int runs = 0;
  const auto left = on->run({}, [&](transaction& tx) -> status {
    tx.native().exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    tx.native().exec("SELECT * FROM t");
    if (++runs == 1) sql("UPDATE t SET n = n + 10 WHERE id = 1");
    tx.native().exec("UPDATE t SET n = n + 1 WHERE id = 1");
    return {};
  });
  ASSERT_TRUE(left.value) << left.value.error().detail;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(value("SELECT n FROM t WHERE id = 1"), "11");
}

TEST_F(session, a_conflict_that_persists_is_reported_after_three_repetitions) {
  int runs = 0;
  const auto left = on->run({}, [&](transaction& tx) -> status {
    ++runs;
    tx.native().exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    tx.native().exec("SELECT * FROM t");
    sql("UPDATE t SET n = n + 10 WHERE id = 1");
    tx.native().exec("UPDATE t SET n = n + 1 WHERE id = 1");
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::conflict);
  EXPECT_EQ(runs, 4);
  EXPECT_FALSE(left.broken);
}

TEST_F(session, two_units_of_work_that_deadlock_both_succeed) {
  std::atomic<int> first_locks{0};
  const auto work = [&](int one, int other) {
    return [&first_locks, one, other](transaction& tx) -> status {
      tx.native().exec("UPDATE t SET n = n + 1 WHERE id = " + std::to_string(one));
      ++first_locks;
      while (first_locks < 2) std::this_thread::yield();
      tx.native().exec("UPDATE t SET n = n + 1 WHERE id = " + std::to_string(other));
      return {};
    };
  };
  const auto second = open_session(url_);
  outcome other;
  std::thread beside{[&] { other = second->run({}, work(2, 1)); }};
  const auto one = on->run({}, work(1, 2));
  beside.join();
  EXPECT_TRUE(one.value);
  EXPECT_TRUE(other.value);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "4");
}

TEST_F(session, the_servers_own_clock_stops_a_slow_query) {
  run_options options;
  options.statement_timeout = std::chrono::milliseconds{50};
  const auto left = on->run(options, doing("SELECT pg_sleep(20)"));
  EXPECT_EQ(left.value.error().code, errc::query_timeout);
  EXPECT_FALSE(left.broken);
  // The limit was for that transaction only.
  EXPECT_TRUE(on->run({}, [](transaction& tx) -> status {
                  if (tx.native().exec("SHOW statement_timeout").at(0).at(0).as<std::string>() == "30s") return {};
                  return fail(errc::internal, "still limited");
                }).value);
}

TEST_F(session, a_single_statement_is_stopped_by_the_connections_own_limit) {
  const auto strict = open_session(*connector_to(url_, std::chrono::milliseconds{50}));
  const auto left = strict->run(mode(access::single_statement), doing("SELECT pg_sleep(20)"));
  EXPECT_EQ(left.value.error().code, errc::query_timeout);
  EXPECT_FALSE(left.broken);
}

TEST_F(session, reads_only_when_told_so) {
  const auto left = on->run(mode(access::read_only), doing("UPDATE t SET n = 5"));
  EXPECT_EQ(left.value.error().code, errc::internal);
  EXPECT_FALSE(left.broken);
  EXPECT_FALSE(left.server_gone);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "0");
}

TEST_F(session, a_server_that_turned_read_only_makes_every_session_stale) {
  const auto standby = open_session(*connector_to(url_ + " options='-c default_transaction_read_only=on'"));
  const auto left = standby->run({}, doing("UPDATE t SET n = 5"));
  EXPECT_EQ(left.value.error().code, errc::database_unavailable);
  EXPECT_TRUE(left.broken);
  EXPECT_TRUE(left.server_gone);
}

TEST_F(session, a_backend_terminated_while_idle_is_noticed_by_the_glance) {
  EXPECT_TRUE(on->ping(std::chrono::seconds{5}));
  terminate(on->backend_pid());
  EXPECT_FALSE(on->ping(std::chrono::seconds{5}));
  EXPECT_FALSE(on->ping(std::chrono::seconds{5}));
}

TEST_F(session, a_backend_terminated_while_idle_never_comes_back_silently) {
  for (const auto m : {access::single_statement, access::read_only, access::read_write}) {
    const auto victim = open_session(url_);
    ASSERT_TRUE(victim->run(mode(m), doing("SELECT 1")).value);
    terminate(victim->backend_pid());
    for (int use = 0; use < 4; ++use) {
      const auto left = victim->run(mode(m), doing("SELECT 1"));
      ASSERT_FALSE(left.value);
      EXPECT_EQ(left.value.error().code, errc::database_unavailable);
      EXPECT_TRUE(left.value.error().data.empty());
      EXPECT_TRUE(left.broken);
      EXPECT_TRUE(left.server_gone) << use;
    }
  }
}

TEST_F(session, a_backend_terminated_inside_a_transaction_commits_nothing) {
  const auto left = on->run({}, [&](transaction& tx) -> status {
    tx.native().exec("UPDATE t SET n = 5");
    terminate(on->backend_pid());
    tx.native().exec("UPDATE t SET n = 6");
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::database_unavailable);
  EXPECT_TRUE(left.value.error().data.empty());
  EXPECT_TRUE(left.broken);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "0");
}

TEST_F(session, a_backend_terminated_before_the_commit_is_no_doubt) {
  const auto left = on->run({}, [&](transaction& tx) -> status {
    tx.native().exec("UPDATE t SET n = 5");
    terminate(on->backend_pid());
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::database_unavailable);
  EXPECT_TRUE(left.value.error().data.empty());
  EXPECT_TRUE(left.broken);
  EXPECT_TRUE(left.server_gone);
}

TEST_F(session, a_backend_terminated_during_the_commit_leaves_the_outcome_unknown) {
  sql("CREATE OR REPLACE FUNCTION suicide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION "
      "suicide()");
  int runs = 0;
  const auto left = on->run({}, [&](transaction& tx) -> status {
    ++runs;
    tx.native().exec("UPDATE t SET n = 5 WHERE id = 1");
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::database_unavailable);
  EXPECT_EQ(left.value.error().data, R"({"outcome":"unknown","retry_after_s":1})");
  EXPECT_TRUE(left.broken);
  EXPECT_EQ(runs, 1);
}

TEST_F(session, a_failing_commit_is_the_statements_error) {
  sql("CREATE TABLE IF NOT EXISTS u (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  const auto left = on->run({}, doing("INSERT INTO u VALUES (1), (1)"));
  EXPECT_EQ(left.value.error().code, errc::duplicate);
  EXPECT_FALSE(left.broken);
}

TEST_F(session, another_thread_cancels_what_runs) {
  std::atomic<bool> inside{false};
  std::thread canceller{[&] {
    while (!inside) std::this_thread::yield();
    while (value("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'") ==
           "0") {
    }
    on->cancel(patience);
  }};
  const auto left = on->run({}, [&](transaction& tx) -> status {
    inside = true;
    tx.native().exec("SELECT pg_sleep(60)");
    return {};
  });
  canceller.join();
  EXPECT_EQ(left.value.error().code, errc::cancelled);
  EXPECT_FALSE(left.broken);
  EXPECT_TRUE(on->run({}, doing("SELECT 1")).value);
}

/// However late it comes, the cancel of one unit of work does not hit the next one. (Also what TSan watches.)
TEST_F(session, a_late_cancel_hits_nothing_else) {
  for (int i = 0; i < 100; ++i) {
    std::atomic<bool> started{false};
    std::thread canceller{[&] {
      while (!started) std::this_thread::yield();
      on->cancel(patience);
    }};
    const auto first = on->run({}, [&](transaction& tx) -> status {
      started = true;
      for (int n = 0; n < i % 10; ++n) tx.native().exec("SELECT 1");
      return {};
    });
    canceller.join();
    EXPECT_TRUE(first.value || first.value.error().code == errc::cancelled) << first.value.error().detail;
    const auto next = on->run({}, doing("SELECT 1"));
    ASSERT_TRUE(next.value) << next.value.error().detail;
  }
}

TEST_F(session, a_cancel_when_idle_does_nothing) {
  on->cancel(patience);
  EXPECT_TRUE(on->run({}, doing("SELECT pg_sleep(0.01)")).value);
}

/// The postmaster takes the request and is silent, as a proxy or a host that hangs would be; the backend works on.
class silent_postmaster {
 public:
  explicit silent_postmaster(const postgres_server& server) : pid_{server.pid()} { ::kill(pid_, SIGSTOP); }
  ~silent_postmaster() { ::kill(pid_, SIGCONT); }
  silent_postmaster(const silent_postmaster&) = delete;
  silent_postmaster& operator=(const silent_postmaster&) = delete;

 private:
  pid_t pid_;
};

TEST_F(session, a_cancel_that_is_not_taken_ends_with_its_time_and_spoils_the_connection) {
  const auto other = open_session(url_);
  std::optional<db::outcome> left;
  std::promise<void> locked, let_go;
  std::thread holder{[&] {
    other->run({}, [&](transaction& tx) -> status {
      tx.native().exec("SELECT pg_advisory_xact_lock(4711)");
      locked.set_value();
      let_go.get_future().wait();
      return {};
    });
  }};
  locked.get_future().wait();
  std::thread runner{[&] { left = on->run({}, doing("UPDATE t SET n = 5; SELECT pg_advisory_xact_lock(4711)")); }};
  while (value("SELECT count(*) FROM pg_stat_activity WHERE pid = " + std::to_string(on->backend_pid()) +
               " AND wait_event = 'advisory'") == "0") {
  }
  {
    const silent_postmaster silent{server()};
    EXPECT_FALSE(on->cancel(std::chrono::milliseconds{20}));
    let_go.set_value();  // the statement succeeds; a cancel that comes later could hit the COMMIT
    runner.join();
    holder.join();
  }
  EXPECT_EQ(left->value.error().code, errc::cancelled);
  EXPECT_TRUE(left->broken);
  on.reset();
  while (value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") != "0") {
  }
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "0");
}

TEST_F(session, abort_ends_a_run_whose_cancel_is_not_taken) {
  quorate::tests::tcp_gate gate{static_cast<std::uint16_t>(server().port())};
  on = open_session("postgresql://postgres@127.0.0.1:" + std::to_string(gate.port()) + '/' + name());
  std::optional<db::outcome> left;
  std::thread runner{[&] { left = on->run({}, doing("SELECT pg_sleep(60)")); }};
  while (value("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'") ==
         "0") {
  }
  gate.swallow();
  const auto before = gate.accepted();
  std::thread canceller{[&] { EXPECT_FALSE(on->cancel(std::chrono::hours{1})); }};
  while (gate.accepted() == before) std::this_thread::yield();
  on->abort();
  runner.join();
  canceller.join();
  EXPECT_TRUE(left->broken);
}

TEST_F(session, abort_frees_a_thread_that_waits_for_a_frozen_server) {
  std::atomic<bool> inside{false};
  std::thread helper{[&] {
    while (!inside) std::this_thread::yield();
    on->abort();
  }};
  const auto left = on->run({}, [&](transaction& tx) -> status {
    server().sigstop();
    inside = true;
    tx.native().exec("SELECT 1");
    return {};
  });
  helper.join();
  EXPECT_FALSE(on->ping(std::chrono::milliseconds{20}));
  server().sigcont();
  EXPECT_EQ(left.value.error().code, errc::database_unavailable);
  EXPECT_TRUE(left.broken);
}

TEST_F(session, a_ping_of_a_frozen_server_ends_with_its_time) {
  server().sigstop();
  EXPECT_FALSE(on->ping(std::chrono::milliseconds{30}));
  server().sigcont();
}

TEST_F(session, a_wrong_number_of_parameters_is_a_bug_not_an_outage) {
  const auto left = on->run({}, [](transaction& tx) -> status {
    tx.native().exec_params("SELECT $1::int + $2::int", 1);
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::internal);
  EXPECT_FALSE(left.server_gone);
}

TEST_F(session, an_idle_transaction_is_ended_by_the_server) {
  const auto left = on->run({}, [&](transaction& tx) -> status {
    tx.native().exec("SET idle_in_transaction_session_timeout = 20");
    while (value("SELECT count(*) FROM pg_stat_activity WHERE pid = " + std::to_string(on->backend_pid())) != "0") {
    }
    tx.native().exec("SELECT 1");
    return {};
  });
  EXPECT_EQ(left.value.error().code, errc::database_unavailable);
  EXPECT_TRUE(left.broken);
}

}  // namespace
}  // namespace quorate::db::tests
