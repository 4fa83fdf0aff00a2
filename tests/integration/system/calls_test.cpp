// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <thread>

#include "tests/common/http_client.hpp"
#include "tests/common/postgres_server.hpp"
#include "tests/common/quorate_process.hpp"

/// Calls to a real server where several parts meet: admission and HTTP, the gate and a method, two processes.
namespace quorate::tests {
namespace {

using namespace std::chrono_literals;
using chain::json;

constexpr const char* account = "0x0000000000000000000000000000000000000009";

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

std::string body_of(const std::string& method, const json& params) {
  return chain::dump_json(json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}});
}

TEST(calls, beyond_the_in_flight_limit_are_turned_away_as_http_clients_expect) {
  const auto url = postgres_server::shared().create_database("calls");
  quorate_process quorate{{url, {}, {{"rpc.in_flight_limit", "1"}}}};
  quorate.start();
  std::optional<pqxx::connection> connection{url};
  std::optional<pqxx::work> lock{*connection};
  lock->exec("LOCK TABLE current_state IN ACCESS EXCLUSIVE MODE");

  const auto read = body_of("eth_getBalance", {account, "latest"});
  http_client waiting{quorate.port()};
  ASSERT_TRUE(waiting.send(http_request("POST", "/api", read)));
  ASSERT_TRUE(eventually(
      [&] { return quorate.get("/metrics").second.find("quorate_calls_in_flight 1\n") != std::string::npos; }));
  const auto refused = http_client{quorate.port()}.post("/api", read, "Origin: http://studio.example\r\n");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(refused.header("access-control-allow-origin"), "*");
  const auto error = chain::parse_json(refused.body).value().at("error");
  EXPECT_EQ(error.at("code"), -32006);
  EXPECT_EQ(error.at("data").at("retry_after_seconds"), 1);

  lock.reset();
  connection.reset();
  const auto served = waiting.receive();
  EXPECT_EQ(served.status, 200);
  EXPECT_EQ(chain::parse_json(served.body).value().at("result"), "0x0");
  EXPECT_TRUE(eventually([&] { return http_client{quorate.port()}.post("/api", read).status == 200; }));
  EXPECT_EQ(quorate.stop(), 0);
}

TEST(calls, of_gated_methods_take_the_key_as_parameter_and_as_header) {
  quorate_process quorate{
      {postgres_server::shared().create_database("calls"), {}, {{"rpc.admin_api_key", "correct horse"}}}};
  quorate.start();
  http_client client{quorate.port()};
  const auto set = [&](const json& params, const std::string& headers = {}) {
    const auto reply = client.post("/api", body_of("sim_setFinalityWindowTime", params), headers);
    const auto body = chain::parse_json(reply.body).value();
    return body.contains("error") ? body.at("error").at("message").get<std::string>() : std::string{"done"};
  };
  const std::string refusal = "Invalid or missing admin key";
  EXPECT_EQ(set(json::array({1})), refusal);
  EXPECT_EQ(set(json::array({1, "wrong"})), refusal);
  EXPECT_EQ(set(json::array({1}), "X-Admin-Key: wrong\r\n"), refusal);
  EXPECT_EQ(set(json::array({11, "correct horse"})), "done");
  EXPECT_EQ(quorate.result("sim_getFinalityWindowTime"), 11);
  EXPECT_EQ(set({{"seconds", 12}, {"admin_key", "correct horse"}}), "done");
  EXPECT_EQ(quorate.result("sim_getFinalityWindowTime"), 12);
  EXPECT_EQ(set(json::array({13}), "X-Admin-Key: correct horse\r\n"), "done");
  EXPECT_EQ(quorate.result("sim_getFinalityWindowTime"), 13);
  EXPECT_EQ(quorate.log().find("correct horse"), std::string::npos) << "keys never reach a log";
  EXPECT_EQ(quorate.stop(), 0);
}

TEST(calls, find_the_models_that_come_with_the_server_after_its_first_start) {
  const auto url = postgres_server::shared().create_database("calls");
  const auto start = [&](const std::string& ollama) {
    auto made = std::make_unique<quorate_process>(serve_options{url, {}, {{"providers.ollama_port", ollama}}});
    made->start();
    return made;
  };
  auto quorate = start("0");
  const auto first = quorate->result("sim_getProvidersAndModels");
  ASSERT_GT(first.size(), 2u);
  for (const auto& one : first) EXPECT_EQ(one.at("is_default"), true);
  quorate->result("sim_deleteProvider", json::array({first[0].at("id")}));
  auto mine = first[1];
  for (const auto* member : {"id", "is_available", "is_model_available", "is_default"}) mine.erase(member);
  mine["config"] = {{"temperature", 1}};
  quorate->result("sim_updateProvider", json::array({first[1].at("id"), mine}));
  EXPECT_EQ(quorate->stop(), 0);

  quorate = start("11434");
  std::size_t ollamas = 0;
  const auto second = quorate->result("sim_getProvidersAndModels");
  for (const auto& one : second) ollamas += one.at("plugin") == "ollama" ? 1 : 0;
  EXPECT_GT(ollamas, 0u);
  EXPECT_EQ(second.size(), first.size() + ollamas) << "what was taken out of the defaults is back";
  EXPECT_EQ(second[0].at("id"), first[1].at("id"));
  EXPECT_EQ(second[0].at("config"), (json{{"temperature", 1}})) << "what somebody changed stays";
  quorate->result("sim_resetDefaultsLlmProviders");
  for (const auto& one : quorate->result("sim_getProvidersAndModels")) EXPECT_EQ(one.at("is_default"), true);
  EXPECT_EQ(quorate->stop(), 0);
}

TEST(calls, that_set_the_finality_window_reach_the_loops_of_every_process) {
  const auto url = postgres_server::shared().create_database("calls");
  quorate_process first{{url, {}, {}}}, second{{url, {}, {}}};
  first.start();
  second.start();
  const auto window_of = [](const quorate_process& one, const std::string& seconds) {
    return one.get("/metrics").second.find("quorate_finality_window_seconds " + seconds + "\n") != std::string::npos;
  };
  first.result("sim_setFinalityWindowTime", {4711});
  EXPECT_TRUE(window_of(first, "4711")) << "at once";
  EXPECT_TRUE(eventually([&] { return window_of(second, "4711"); }));
  second.result("sim_setFinalityWindowTime", {42});
  EXPECT_TRUE(eventually([&] { return window_of(first, "42"); }));
  EXPECT_EQ(first.stop(), 0);
  EXPECT_EQ(second.stop(), 0);
}

}  // namespace
}  // namespace quorate::tests
