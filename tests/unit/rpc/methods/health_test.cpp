// SPDX-License-Identifier: MIT
#include "rpc/methods/health.hpp"

#include "rpc/methods/health_consensus.hpp"
#include "rpc/methods/process_stats.hpp"
#include "rpc/methods/shared_probe.hpp"
#include "tests/unit/rpc/methods/harness.hpp"

namespace quorate::rpc::methods::tests {
namespace {

class health : public methods_test {
 protected:
  reply get(const std::string& path) {
    std::optional<reply> got;
    routes.at(path)([&](reply r) { got = std::move(r); });
    EXPECT_TRUE(got) << path;
    return got.value_or(reply{.status = 0});
  }
  json body(const std::string& path) { return chain::parse_json(get(path).body).value(); }
  void database_is_down() { pool.refusal = error{errc::database_unavailable, "Database unavailable", {}, "secret"}; }

  route_map routes = make_health_routes(with);
};

TEST_F(health, ping) {
  EXPECT_EQ(get("/ping").body, R"({"status":"ok"})");
  database_is_down();
  EXPECT_EQ(get("/ping").status, 200);
}

TEST_F(health, ready_only_when_the_pool_serves) {
  EXPECT_EQ(get("/ready").status, 200);
  EXPECT_EQ(body("/ready")["status"], "ready");
  EXPECT_EQ(body("/ready")["service"], "genlayer-rpc");
  EXPECT_EQ(body("/ready")["reason"], nullptr);
  EXPECT_EQ(pool.labels.back(), "health") << "it asked the pool";
  database_is_down();
  EXPECT_EQ(get("/ready").status, 503);
  EXPECT_EQ(body("/ready")["reason"], "database_unavailable");
  EXPECT_EQ(get("/ready").body.find("secret"), std::string::npos);
  pool.refusal = error{errc::pool_exhausted, "Database pool exhausted", {}, {}};
  EXPECT_EQ(body("/ready")["reason"], "pool_exhausted");
  pool.figures.paused = true;
  EXPECT_EQ(body("/ready")["reason"], "pool_paused");
}

TEST_F(health, not_ready_once_shutdown_has_begun) {
  draining = true;
  EXPECT_EQ(get("/ready").status, 503);
  EXPECT_EQ(body("/ready")["reason"], "shutting_down");
}

TEST_F(health, overall) {
  const auto healthy = body("/health");
  EXPECT_EQ(healthy["status"], "healthy");
  EXPECT_EQ(healthy["issues"], nullptr);
  EXPECT_EQ(healthy["services"]["database"]["pool_size"], 20);
  EXPECT_EQ(healthy["services"]["redis"], "not_configured");
  EXPECT_EQ(healthy["meta"]["workers"], "1");
  EXPECT_EQ(healthy["timestamp"].is_null(), false);
  database_is_down();
  EXPECT_EQ(get("/health").status, 503);
  EXPECT_EQ(body("/health")["issues"], json::array({"database_issue"}));
  EXPECT_EQ(body("/health")["services"]["database"]["reason"], "database_unavailable");
  draining = true;
  EXPECT_EQ(body("/health")["issues"], json::array({"shutting_down"}));
}

TEST_F(health, of_the_database) {
  pool.figures.leased = 3;
  pool.figures.idle = 2;
  const auto healthy = body("/health/db");
  EXPECT_EQ(healthy["active_sessions"], 3);
  EXPECT_EQ(healthy["connection_pool"]["size"], 20);
  EXPECT_EQ(healthy["connection_pool"]["available"], 2);
  database_is_down();
  EXPECT_EQ(get("/health/db").status, 503);
  EXPECT_EQ(body("/health/db"), (json{{"status", "error"}, {"error", "Database unavailable"}}));
}

TEST_F(health, of_the_process) {
  const auto stats = read_process_stats();
  EXPECT_GT(stats.resident_mb, 1);
  EXPECT_GE(stats.virtual_mb, stats.resident_mb);
  EXPECT_GE(stats.threads, 1);
  EXPECT_GE(stats.uptime_seconds, 0);
  EXPECT_GT(stats.total_memory_mb, stats.available_memory_mb);
  EXPECT_TRUE(body("/health/memory")["system_memory"].contains("percent_used"));
  EXPECT_EQ(body("/health/cpu")["system_cpu"]["load_average"].size(), 3u);
  EXPECT_EQ(body("/health/ratelimit")["active_addresses"], 0);
}

TEST_F(health, metrics_are_served_without_a_database) {
  metrics.counter("quorate_test_total", "Help.").add(3);
  database_is_down();
  const auto got = get("/metrics");
  EXPECT_EQ(got.status, 200);
  EXPECT_TRUE(got.content_type.starts_with("text/plain; version=0.0.4"));
  EXPECT_NE(got.body.find("quorate_test_total 3\n"), std::string::npos) << got.body;
  EXPECT_NE(got.body.find("genlayer_metrics_error 1\n"), std::string::npos);
  EXPECT_EQ(got.body.find("genlayer_needed_workers"), std::string::npos);
}

TEST(shared_probe, one_run_answers_all_who_ask_meanwhile) {
  int runs = 0;
  std::function<void(int)> finish;
  const auto probe = std::make_shared<shared_probe<int>>([&](std::function<void(int)> done) {
    ++runs;
    finish = std::move(done);
  });
  std::vector<int> seen;
  const auto keep = [&](const int& value) { seen.push_back(value); };
  probe->ask(keep);
  probe->ask(keep);
  EXPECT_EQ(runs, 1);
  std::exchange(finish, nullptr)(7);
  EXPECT_EQ(seen, (std::vector<int>{7, 7}));
  probe->ask(keep);
  EXPECT_EQ(runs, 2) << "a new question gets a new answer";
  std::exchange(finish, nullptr)(8);
  EXPECT_EQ(seen.back(), 8);
}

TEST(consensus_health, has_the_documented_shape) {
  db::consensus_health seen;
  seen.active_workers = 2;
  db::contract_health busy;
  busy.contract_address = recipient;
  busy.processing = 1;
  busy.oldest_age_s = 7300;
  busy.stuck = db::stuck_head{some_hash, "PROPOSING", "2026-06-01T10:00:00+00:00", 7300};
  seen.contracts.push_back(busy);
  const auto body = chain::parse_json(format_consensus_health(seen)).value();
  EXPECT_EQ(body["status"], "degraded");
  EXPECT_EQ(body["total_processing_transactions"], 1);
  EXPECT_EQ(body["total_orphaned_transactions"], 1);
  EXPECT_EQ(body["active_workers"], 2);
  EXPECT_EQ(body["contracts"][0]["oldest_transaction_elapsed"], "2h");
  EXPECT_EQ(body["contracts"][0]["oldest_processing_elapsed"], nullptr);
  EXPECT_EQ(body["contracts"][0]["stuck_head_transaction"]["hash"], some_hash);
  EXPECT_EQ(chain::parse_json(format_consensus_health({})).value()["status"], "healthy");
}

TEST(elapsed_text, is_in_whole_units) {
  EXPECT_EQ(elapsed_text(59), "0m");
  EXPECT_EQ(elapsed_text(300), "5m");
  EXPECT_EQ(elapsed_text(3600), "1h");
  EXPECT_EQ(elapsed_text(90000), "1d");
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
