// SPDX-License-Identifier: MIT
#include "rpc/methods/format/pool_format.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods::tests {
namespace {

class dev : public methods_test {
 protected:
  dev() {
    pool.figures.open = 5;
    pool.figures.idle = 2;
    pool.figures.leased = 3;
    pool.figures.peak_leased = 7;
    pool.figures.waiting = {4, 1, 0};
    pool.figures.breaker = "closed";
    pool.figures.last_connect_error = "could not connect to server secret.example";
  }
  json set(const std::map<std::string, json>& changes) {
    std::vector<json> params;
    for (const auto& one : table.find("dev_setPoolLimits")->params)
      params.push_back(changes.contains(one.name) ? changes.at(one.name) : one.fallback);
    return answer("dev_setPoolLimits", params);
  }
};

// docs/spec/json-rpc.md §12 and decisions.md Q32.
TEST_F(dev, pool_status_is_a_superset_of_studios) {
  const auto status = answer("dev_getPoolStatus");
  EXPECT_EQ(status["timestamp"], "2026-06-01T10:00:01.000000");
  const auto& figures = status["pool"];
  EXPECT_EQ(figures["size"], 20);
  EXPECT_EQ(figures["checked_out"], 3);
  EXPECT_EQ(figures["overflow"], 0);
  EXPECT_EQ(figures["max_allowed"], 50);
  EXPECT_EQ(figures["total"], 5);
  EXPECT_EQ(figures["idle"], 2);
  EXPECT_EQ(figures["waiting"], 5);
  EXPECT_EQ(figures["waiting_by_class"]["request"], 4);
  EXPECT_EQ(figures["peak"], 7);
  EXPECT_EQ(figures["breaker"], "closed");
  EXPECT_EQ(status.dump().find("secret"), std::string::npos) << "the driver's text stays in the log (Q2)";
}

TEST_F(dev, overflow_counts_connections_above_size) {
  pool.figures.open = 23;
  EXPECT_EQ(answer("dev_getPoolStatus")["pool"]["overflow"], 3);
}

TEST_F(dev, timestamps_have_six_digits_and_no_offset) {
  using namespace std::chrono;
  EXPECT_EQ(naive_timestamp(system_clock::time_point{seconds{1780317296} + microseconds{789012}}),
            "2026-06-01T12:34:56.789012");
}

TEST_F(dev, limits_change_one_by_one) {
  const auto after = set({{"size", 5}, {"max_overflow", 0}});
  EXPECT_EQ(after["pool"]["size"], 5);
  EXPECT_EQ(after["pool"]["max_allowed"], 5);
  EXPECT_EQ(pool.figures.settings.timeout, std::chrono::seconds{30}) << "not named, not changed";
  set({{"timeout", 7}, {"recycle", 60}, {"pre_ping", false}, {"ageing_ms", 100}, {"max_waiters", 9}});
  EXPECT_EQ(pool.figures.settings.timeout, std::chrono::seconds{7});
  EXPECT_EQ(pool.figures.settings.recycle, std::chrono::seconds{60});
  EXPECT_EQ(pool.figures.settings.ageing, std::chrono::milliseconds{100});
  EXPECT_EQ(pool.figures.settings.max_waiters, 9u);
  EXPECT_FALSE(pool.figures.settings.pre_ping);
  EXPECT_EQ(pool.figures.settings.size, 5u);
}

TEST_F(dev, a_refusal_of_the_pool_is_passed_on) {
  pool.refusal = error{errc::invalid_params, "no", {}, {}};
  const auto got = call("dev_setPoolLimits", std::vector<json>{8});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, "no");
}

TEST_F(dev, pause_resume_evict_drain) {
  EXPECT_EQ(answer("dev_pausePool")["pool"]["paused"], true);
  EXPECT_EQ(answer("dev_resumePool")["pool"]["paused"], false);
  EXPECT_EQ(answer("dev_evictPool")["pool"]["generation"], 1);
  EXPECT_EQ(answer("dev_drainPool", {3600})["pool"]["draining"], true);
  EXPECT_LT(pool.drained_until, actors::clock::now() + std::chrono::seconds{30}) << "the call can still be answered";
}

TEST_F(dev, actors) {
  actor_kinds.push_back({.name = "request", .running = 2, .processed = 9, .busy_seconds = 0.5, .last_error = "x"});
  const auto all = answer("dev_getActors");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["name"], "request");
  EXPECT_EQ(all[0]["running"], 2);
  EXPECT_EQ(all[0]["processed"], 9);
  EXPECT_EQ(all[0]["last_error"], "x");
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
