// SPDX-License-Identifier: MIT
#include "actors/submission_gateway.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/common/fake_pool.hpp"

namespace quorate::actors {
namespace {

using namespace std::chrono_literals;
using db::submissions::outcome;
using db::submissions::verdict;
using rows = std::span<const db::submissions::submission>;
using strings = std::vector<std::string>;

/// The gateway over a pool that waits for the test, and a table that is a set of hashes.
class submission_gateway_test : public testing::Test {
 protected:
  void start(submission_gateway_settings settings = {}) {
    gateway = std::make_unique<submission_gateway>(
        pool, registry, [this] { ++commits; }, settings, [this](db::transaction&, rows group) { return store(group); });
  }

  result<std::vector<outcome>> store(rows group) {
    groups.emplace_back();
    for (const auto& one : group) groups.back() += one.row.hash;
    std::vector<outcome> fresh;
    for (const auto& one : group) {
      if (poison.contains(one.row.hash)) return fail(errc::internal, "Internal error", {}, "a value out of range");
      fresh.push_back({table.contains(one.row.hash) ? verdict::known : verdict::stored});
    }
    for (const auto& one : group) table.insert(one.row.hash);
    return fresh;
  }

  void send(const std::string& hash, duration timeout = 30s) {
    db::submissions::submission one;
    one.row.hash = hash;
    gateway->store({one, clock::now() + timeout, [this, hash](const result<outcome>& done) {
                      heard.push_back(hash +
                                      (done ? (done->what == verdict::stored ? " stored" : " known") : " failed"));
                    }});
  }
  std::string metrics() const { return registry.render(); }

  // What the gateway and the pool still tell at their ends outlives them.
  std::set<std::string> table, poison;
  strings groups, heard;
  int commits = 0;
  metrics::registry registry;
  tests::fake_pool pool;
  std::unique_ptr<submission_gateway> gateway;
};

TEST_F(submission_gateway_test, a_lone_one_goes_at_once) {
  start();
  send("a");
  EXPECT_EQ(pool.waiting(), 1u);
  EXPECT_EQ(pool.front().access, db::access::read_write);
  pool.run_one();
  EXPECT_EQ(heard, strings{"a stored"});
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST_F(submission_gateway_test, what_arrives_meanwhile_travels_together_in_its_order) {
  start();
  for (const auto* one : {"a", "b", "c", "d"}) send(one);
  EXPECT_EQ(pool.waiting(), 1u);
  pool.run_all();
  EXPECT_EQ(groups, (strings{"a", "bcd"}));
  EXPECT_EQ(heard, (strings{"a stored", "b stored", "c stored", "d stored"}));
  EXPECT_NE(metrics().find("quorate_submission_groups_total 2\n"), std::string::npos);
  EXPECT_NE(metrics().find("quorate_submissions_stored_total 4\n"), std::string::npos);
}

TEST_F(submission_gateway_test, a_group_has_its_limit) {
  start({.batch = 2});
  for (const auto* one : {"a", "b", "c", "d"}) send(one);
  pool.run_all();
  EXPECT_EQ(groups, (strings{"a", "bc", "d"}));
}

TEST_F(submission_gateway_test, several_groups_may_travel_when_that_is_asked_for) {
  start({.in_flight = 2});
  for (const auto* one : {"a", "b", "c"}) send(one);
  EXPECT_EQ(pool.waiting(), 2u);
  pool.run_all();
  EXPECT_EQ(groups, (strings{"a", "b", "c"}));
}

TEST_F(submission_gateway_test, a_deploy_is_no_work_for_the_loops) {
  start();
  db::submissions::submission deploy;
  deploy.row.hash = "a";
  deploy.row.type = db::tx_type::deploy;
  gateway->store(
      {deploy, clock::now() + 30s, [this](const auto& done) { heard.push_back(done ? "stored" : "failed"); }});
  pool.run_all();
  EXPECT_EQ(heard, strings{"stored"});
  EXPECT_EQ(commits, 0);
}

TEST_F(submission_gateway_test, what_is_known_wakes_nobody) {
  start();
  table = {"a"};
  send("a");
  pool.run_all();
  EXPECT_EQ(heard, strings{"a known"});
  EXPECT_EQ(commits, 0);
}

TEST_F(submission_gateway_test, nobody_fails_for_a_neighbour) {
  start();
  poison = {"c"};
  for (const auto* one : {"a", "b", "c", "d"}) send(one);
  pool.run_all();
  EXPECT_EQ(groups, (strings{"a", "bcd", "b", "c", "d"}));
  EXPECT_EQ(heard, (strings{"a stored", "b stored", "c failed", "d stored"}));
  send("e");
  pool.run_all();
  EXPECT_EQ(heard.back(), "e stored");
}

TEST_F(submission_gateway_test, an_error_of_the_database_is_everybodys_of_that_group_and_nobody_elses) {
  start();
  send("a");
  send("b");
  pool.refuse_one(fail(errc::database_unavailable, "Database unavailable"));
  EXPECT_EQ(heard, strings{"a failed"});
  pool.run_all();
  EXPECT_EQ(heard, (strings{"a failed", "b stored"}));
}

TEST_F(submission_gateway_test, a_lost_job_is_answered_and_the_next_goes_on) {
  start();
  send("a");
  send("b");
  pool.lose_one();
  pool.run_all();
  EXPECT_EQ(heard, (strings{"a failed", "b stored"}));
}

TEST_F(submission_gateway_test, a_group_has_the_time_of_its_latest) {
  start();
  send("a");
  send("b", 5s);
  send("c", 60s);
  pool.run_one();
  EXPECT_GT(pool.front().deadline, clock::now() + 50s);
}

TEST_F(submission_gateway_test, too_many_are_refused) {
  start({.waiting = 1});
  for (const auto* one : {"a", "b", "c"}) send(one);
  EXPECT_EQ(heard, strings{"c failed"});
  EXPECT_NE(metrics().find("quorate_submissions_refused_total 1\n"), std::string::npos);
  pool.run_all();
  EXPECT_EQ(heard, (strings{"c failed", "a stored", "b stored"}));
}

TEST_F(submission_gateway_test, what_waits_at_its_end_is_answered) {
  start();
  send("a");
  send("b");
  gateway.reset();
  EXPECT_EQ(heard, strings{"b failed"});
  pool.run_all();
  EXPECT_EQ(heard, (strings{"b failed", "a stored"}));
}

}  // namespace
}  // namespace quorate::actors
