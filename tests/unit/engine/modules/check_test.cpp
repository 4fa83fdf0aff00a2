// SPDX-License-Identifier: MIT
#include "engine/modules/check.hpp"

#include <gtest/gtest.h>

#include "engine/modules/service.hpp"
#include "tests/common/web_server.hpp"
#include "tests/unit/engine/modules/values.hpp"
#include "tests/unit/engine/modules/waiting.hpp"

namespace quorate::engine::modules {
namespace {

using quorate::tests::web_server;

/// A server that answers has all the time a busy machine may need; only silence is waited for shortly.
service::settings limits(std::chrono::milliseconds check_time = std::chrono::minutes{1}) {
  return {.check_time = check_time,
          .variables = [](const std::string& name) { return std::optional{"value-of-" + name}; }};
}

json configs_of(const web_server& server, std::initializer_list<const char*> models) {
  json out = json::array();
  for (const char* model : models)
    out.push_back(
        {{"host", server.url()}, {"provider", "openai-compatible"}, {"model", model}, {"key", "${ENV[SOME_KEY]}"}});
  return out;
}

TEST(llm_check, says_of_each_model_and_prompt_whether_it_answers) {
  web_server server{[](const web_server::request& seen) -> std::optional<web_server::reply> {
    if (seen.body.find("\"broken\"") != std::string::npos)
      return web_server::reply{.status = 401, .body = seen.headers.at("authorization")};
    return web_server::reply{.body = R"({"choices":[{"message":{"content":"ok"}}]})"};
  }};
  json prompts =
      json::array({{{"system_message", "S"}, {"user_message", "one"}, {"temperature", 0.5}, {"max_tokens", 7}},
                   {{"system_message", nullptr}, {"user_message", "two"}}});
  service of{limits()};
  tests::waiting<json> got;
  ASSERT_TRUE(
      of.check_llm({{"configs", configs_of(server, {"good", "broken"})}, {"test_prompts", prompts}}, got.taker()));
  const auto all = got.get().value();
  ASSERT_EQ(all.size(), 4u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at("config_index"), i / 2);
    EXPECT_EQ(all[i].at("prompt_index"), i % 2);
    ASSERT_EQ(all[i].at("available"), i < 2) << all[i];
  }
  EXPECT_EQ(all[0].at("response"), "ok");
  EXPECT_FALSE(all[0].contains("error"));
  EXPECT_EQ(all[2].at("error"), "STATUS_NOT_OK: status 401");
  EXPECT_EQ(chain::dump_json(all).find("value-of-SOME_KEY"), std::string::npos);
  for (const auto& seen : server.requests()) {
    const auto body = tests::parsed(seen.body);
    const bool first = body.at("messages").back().at("content") == "one";
    EXPECT_EQ(body.at("messages").size(), first ? 2u : 1u);
    EXPECT_EQ(body.at("max_tokens"), first ? 7 : 4000);
    EXPECT_EQ(seen.headers.at("authorization"), "Bearer value-of-SOME_KEY");
  }
}

TEST(llm_check, a_model_that_says_nothing_is_not_available) {
  web_server server{[](const web_server::request&) { return std::nullopt; }};
  service of{limits(std::chrono::milliseconds{300})};
  tests::waiting<json> got;
  ASSERT_TRUE(of.check_llm({{"configs", configs_of(server, {"silent"})}, {"test_prompts", {{{"user_message", "ok?"}}}}},
                           got.taker()));
  const auto all = got.get().value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].at("available"), false);
  EXPECT_EQ(all[0].at("error"), "SENDING_REQUEST: timeout: no answer in 300 ms");
}

TEST(llm_check, many_are_checked_a_few_at_a_time) {
  web_server server{[](const web_server::request&) { return web_server::reply{.body = R"({"response":"ok"})"}; }};
  json configs = json::array();
  for (int i = 0; i < 50; ++i)
    configs.push_back({{"host", server.url()}, {"provider", "ollama"}, {"model", std::to_string(i)}});
  service of{limits()};
  tests::waiting<json> got;
  ASSERT_TRUE(of.check_llm({{"configs", configs}, {"test_prompts", {{{"user_message", "ok?"}}}}}, got.taker()));
  const auto all = got.get().value();
  ASSERT_EQ(all.size(), 50u);
  for (const json& one : all) EXPECT_EQ(one.at("available"), true) << one;
  EXPECT_EQ(server.requests().size(), 50u);
}

TEST(llm_check, nothing_to_check_is_answered_at_once) {
  service of{limits()};
  tests::waiting<json> got;
  ASSERT_TRUE(of.check_llm({{"configs", json::array()}, {"test_prompts", json::array()}}, got.taker()));
  EXPECT_EQ(got.get().value(), json::array());
}

TEST(llm_check, what_is_wrong_is_named) {
  const auto refusal = [](std::string_view text) {
    const auto read = read_check(tests::parsed(text), provider_variable);
    return read ? "accepted" : read.error().message;
  };
  EXPECT_EQ(refusal("1"), "configs: an array is expected");
  EXPECT_EQ(refusal(R"({"configs":[1]})"), "configs[0]: an object is expected");
  EXPECT_EQ(refusal(R"({"configs":[{}]})"), "configs[0].host: a text is expected");
  EXPECT_EQ(refusal(R"({"configs":[{"host":"h","model":"m","provider":"p"}]})"),
            "configs[0].provider: openai-compatible, ollama, anthropic, google or custom is expected");
  EXPECT_EQ(refusal(R"({"configs":[]})"), "test_prompts: an array is expected");
  EXPECT_EQ(refusal(R"({"configs":[],"test_prompts":[{}]})"), "test_prompts[0].user_message: a text is expected");
  EXPECT_EQ(refusal(R"({"configs":[],"test_prompts":[{"user_message":"u","temperature":"hot"}]})"),
            "test_prompts[0].temperature: a number is expected");
  EXPECT_EQ(refusal(R"({"configs":[],"test_prompts":[{"user_message":"u","max_tokens":0}]})"),
            "test_prompts[0].max_tokens: a number is expected");
  EXPECT_EQ(refusal(R"({"configs":[],"test_prompts":[{"user_message":"u","temperature":0.25}]})"), "accepted");
}

}  // namespace
}  // namespace quorate::engine::modules
