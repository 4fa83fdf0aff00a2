// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "chain/log.hpp"
#include "engine/modules/service.hpp"
#include "tests/common/web_server.hpp"
#include "tests/unit/engine/modules/values.hpp"
#include "tests/unit/engine/modules/waiting.hpp"

namespace quorate::engine::modules {
namespace {

using quorate::tests::web_server;

constexpr auto secret = "sk-key-of-the-test";

/// A provider as it is seen from outside: what its API is called with, and what it answers to "U".
struct provider_case {
  const char* plugin;
  const char* path;
  const char* text;
  const char* object;
  const char* judgement;
};

const provider_case providers[] = {
    {"openai-compatible", "/v1/chat/completions", R"({"choices":[{"message":{"content":"hi"}}]})",
     R"({"choices":[{"message":{"content":"{\"a\":1.50}"}}]})",
     R"({"choices":[{"message":{"content":"{\"result\":true}"}}]})"},
    {"ollama", "/api/generate", R"({"response":"hi"})", R"({"response":"{\"a\":1.50}"})",
     R"({"response":"{\"result\":true}"})"},
    {"anthropic", "/v1/messages", R"({"content":[{"type":"text","text":"hi"}]})",
     R"({"content":[{"type":"tool_use","input":{"a":1.50}}]})",
     R"({"content":[{"type":"tool_use","input":{"reason":"","result":true}}]})"},
    {"google", "/v1beta/models/m:generateContent?key=sk-key-of-the-test",
     R"({"candidates":[{"content":{"parts":[{"text":"hi"}]}}]})",
     R"({"candidates":[{"content":{"parts":[{"text":"{\"a\":1.50}"}]}}]})",
     R"({"candidates":[{"content":{"parts":[{"text":"{\"result\":true}"}]}}]})"},
    {"custom", "/", R"({"choices":[{"message":{"content":"hi"}}]})",
     R"({"choices":[{"message":{"content":"{\"a\":1.50}"}}]})",
     R"({"choices":[{"message":{"content":"{\"result\":true}"}}]})"},
};

json entry(const std::string& plugin, const std::string& host) {
  return {{"enabled", true},
          {"host", host},
          {"provider", plugin},
          {"key", "${ENV[KEY]}"},
          {"models", {{"m", {{"supports_json", true}, {"meta", {{"config", json::object()}}}}}}}};
}

class llm_service : public ::testing::TestWithParam<provider_case> {
 protected:
  /// A server that answers has all the time a busy machine may need; only silence is waited for shortly.
  static service::settings limits(std::chrono::milliseconds llm_time = std::chrono::minutes{1}) {
    return {.llm_time = llm_time, .most_bytes = 100'000, .variables = [](const std::string&) { return secret; }};
  }

  /// The answer as text.
  std::string ask(service& of, std::string_view kind, std::string_view payload, json host_data) {
    tests::waiting<answer> got;
    const auto begun = of.ask(kind, tests::payload(payload), {.host_data = std::move(host_data)}, got.taker());
    if (!begun) return begun.error().message;
    last_ = got.get().value_or(answer{});
    return chain::calldata_text(last_.value);
  }
  std::string ask_text(service& of, json host_data = {{"studio_llm_id", "node-1"}}) {
    return ask(of, "ExecPrompt", R"({"prompt":"U","response_format":"text"})", std::move(host_data));
  }
  json error_ctx() const { return chain::calldata_to_json(last_.value).at("error").at("ctx"); }

  answer last_;
};

TEST_P(llm_service, answers_in_every_format) {
  const auto& provider = GetParam();
  std::string body;
  web_server server{[&](const web_server::request&) { return web_server::reply{.body = body}; }};
  service of{limits()};
  ASSERT_TRUE(of.start_llm({{"backends", {{"node-1", entry(provider.plugin, server.url())}}}}));
  body = provider.text;
  EXPECT_EQ(ask_text(of), R"({"ok":"hi"})");
  EXPECT_EQ(server.requests().at(0).target, provider.path);
  EXPECT_EQ(server.requests().at(0).method, "POST");
  body = provider.object;
  EXPECT_EQ(ask(of, "ExecPrompt", R"({"prompt":"U","response_format":"json"})", {{"studio_llm_id", "node-1"}}),
            R"({"ok":"{\"a\":1.50}"})");
  body = provider.judgement;
  EXPECT_EQ(ask(of, "ExecPromptTemplate",
                R"({"template":"EqComparative","leader_answer":"a","validator_answer":"b","principle":"c"})",
                {{"studio_llm_id", "node-1"}}),
            R"({"ok":true})");
}

TEST_P(llm_service, failures_are_told_and_the_key_is_not) {
  std::string logged;
  log::set_sink([&](const log::record& r) { logged += log::to_text(r); });
  const auto& provider = GetParam();
  std::optional<web_server::reply> reply;
  web_server server{[&](const web_server::request& seen) {
    auto out = reply;
    // As some do: the request is quoted in the answer.
    if (out) out->body += seen.headers.contains("authorization") ? seen.headers.at("authorization") : seen.target;
    return out;
  }};
  service of{limits()}, impatient{limits(std::chrono::milliseconds{300})};
  for (service* one : {&of, &impatient})
    ASSERT_TRUE(one->start_llm({{"backends", {{"node-1", entry(provider.plugin, server.url())}}}}));
  std::vector<std::string> messages;
  for (const auto& one : std::vector<std::optional<web_server::reply>>{
           web_server::reply{.status = 429, .body = "slow down "}, web_server::reply{.status = 500},
           web_server::reply{.body = "{rubbish"}, web_server::reply{.body = std::string(200'000, 'x')}, std::nullopt}) {
    reply = one;
    const auto text = ask_text(one ? of : impatient);
    EXPECT_TRUE(last_.fatal);
    EXPECT_NE(text.find("\"causes\":[\"NO_PROVIDER_FOR_PROMPT\"]"), std::string::npos) << text;
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
    const auto error = error_ctx().at("primary_error");
    EXPECT_EQ(error.at("provider"), "node-1");
    EXPECT_EQ(error.at("model"), "m");
    if (one && one->status != 200) {
      EXPECT_EQ(error.at("status"), one->status);
    }
    messages.push_back(error.at("error_message"));
  }
  EXPECT_EQ(messages.at(0), "STATUS_NOT_OK: status 429");
  EXPECT_EQ(messages.at(1), "STATUS_NOT_OK: status 500");
  EXPECT_TRUE(messages.at(2).starts_with("DESERIALIZING: not JSON")) << messages.at(2);
  EXPECT_EQ(messages.at(3), "READING_BODY: the answer is larger than 100000 bytes");
  EXPECT_EQ(messages.at(4), "SENDING_REQUEST: timeout: no answer in 300 ms");
  EXPECT_TRUE(server.wait_for_hang_ups(1));
  EXPECT_EQ(server.requests().size(), 5u);  // one try each
  log::set_sink({});
  EXPECT_NE(logged.find("a provider failed"), std::string::npos);
  EXPECT_EQ(logged.find(secret), std::string::npos) << logged;
}

INSTANTIATE_TEST_SUITE_P(providers, llm_service, ::testing::ValuesIn(providers), [](const auto& of) {
  std::string name = of.param.plugin;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

class llm_fallback : public llm_service {};

TEST_F(llm_fallback, answers_when_the_first_does_not) {
  web_server bad{[](const web_server::request&) { return web_server::reply{.status = 503}; }};
  web_server good{[](const web_server::request&) { return web_server::reply{.body = providers[1].text}; }};
  service of{limits()};
  ASSERT_TRUE(of.start_llm(
      {{"backends", {{"node-1", entry("openai-compatible", bad.url())}, {"node-2", entry("ollama", good.url())}}}}));
  EXPECT_EQ(ask_text(of, {{"studio_llm_id", "node-1"}, {"fallback_llm_id", "node-2"}}), R"({"ok":"hi"})");
  EXPECT_EQ(ask_text(of, {{"studio_llm_id", "node-9"}, {"fallback_llm_id", "node-2"}}), R"({"ok":"hi"})");
  EXPECT_EQ(bad.requests().size(), 1u);
}

TEST_F(llm_fallback, when_nobody_answers_everything_is_told) {
  web_server bad{[](const web_server::request&) {
    return web_server::reply{.status = 429, .body = R"({"error":{"code":429,"message":"too fast"}})"};
  }};
  service of{limits()};
  ASSERT_TRUE(
      of.start_llm({{"backends", {{"node-1", entry("google", bad.url())}, {"node-2", entry("ollama", bad.url())}}}}));
  ask_text(of, {{"studio_llm_id", "node-1"},
                {"fallback_llm_id", "node-2"},
                {"tx_id", "0x1"},
                {"mock_response", json::object()}});
  EXPECT_TRUE(last_.fatal);
  const auto ctx = error_ctx();
  EXPECT_EQ(ctx.at("primary_model"), "m");
  EXPECT_EQ(ctx.at("fallback_model"), "m");
  EXPECT_EQ(ctx.at("primary_error").at("body").at("error").at("code"), 429);
  EXPECT_EQ(ctx.at("fallback_error").at("error_message"), "STATUS_NOT_OK: status 429: too fast");
  EXPECT_EQ(ctx.at("prompt").at("user_message"), "U");
  EXPECT_EQ(ctx.at("host_data"),
            tests::parsed(R"({"studio_llm_id":"node-1","fallback_llm_id":"node-2","tx_id":"0x1"})"));
  ask_text(of, json::object());
  EXPECT_FALSE(error_ctx().contains("primary_error"));
  ask_text(of, {{"studio_llm_id", "node-9"}});
  EXPECT_EQ(error_ctx().at("primary_error").at("error_message"), "there is no such provider");
}

class llm_rules : public llm_service {};

TEST_F(llm_rules, mocks_and_blank_prompts_reach_nobody) {
  service of{limits()};
  ASSERT_TRUE(of.start_llm(json::object()));
  EXPECT_EQ(ask_text(of, {{"mock_response", {{"response", {{"U", "mocked"}}}}}}), R"({"ok":"mocked"})");
  EXPECT_FALSE(last_.fatal);
  EXPECT_EQ(ask(of, "ExecPrompt", R"({"prompt":" ","response_format":"text"})", json::object()),
            R"({"error":{"causes":["EMPTY_PROMPT"],"ctx":{},"fatal":false}})");
}

TEST_F(llm_rules, a_module_that_does_not_run_is_a_fatal_error) {
  service of{limits()};
  const std::string stopped = R"({"error":{"causes":["MODULE_NOT_RUNNING"],"ctx":{"module":"Llm"},"fatal":true}})";
  EXPECT_EQ(ask_text(of), stopped);
  ASSERT_TRUE(of.start_llm(json::object()));
  EXPECT_NE(ask_text(of), stopped);
  of.stop(module_kind::llm);
  EXPECT_EQ(ask_text(of), stopped);
}

TEST_F(llm_rules, what_is_malformed_is_refused_at_once) {
  service of{limits()};
  EXPECT_EQ(ask(of, "ExecPrompt", "{}", json::object()), "prompt: missing");
  EXPECT_EQ(ask(of, "ExecDream", "{}", json::object()), "there is no such request");
  EXPECT_EQ(of.start_llm({{"backends", 1}}).error().message, "backends: an object is expected");
}

TEST_F(llm_rules, a_cancelled_request_gets_no_answer_and_its_connection_is_closed) {
  web_server silent{[](const web_server::request&) { return std::nullopt; }};
  service of{{.variables = [](const std::string&) { return secret; }}};
  ASSERT_TRUE(of.start_llm({{"backends", {{"node-1", entry("ollama", silent.url())}}}}));
  tests::waiting<answer> got;
  const auto which = of.ask("ExecPrompt", tests::payload(R"({"prompt":"U","response_format":"text"})"),
                            {.host_data = {{"studio_llm_id", "node-1"}}}, got.taker());
  ASSERT_TRUE(which);
  ASSERT_TRUE(silent.wait_for_requests(1));
  of.cancel(*which);
  of.cancel(*which);
  EXPECT_TRUE(silent.wait_for_hang_ups(1));
  EXPECT_FALSE(got.has_come());
}

TEST_F(llm_rules, done_may_ask_and_cancel) {
  service of{limits()};
  ASSERT_TRUE(of.start_llm(json::object()));
  const auto payload = tests::payload(R"({"prompt":" ","response_format":"text"})");
  tests::waiting<answer> first, second;
  ASSERT_TRUE(of.ask("ExecPrompt", payload, {}, [&](answer with) {
    const auto next = of.ask("ExecPrompt", payload, {}, [](const answer&) { ADD_FAILURE() << "was cancelled"; });
    of.cancel(next.value());
    ASSERT_TRUE(of.ask("ExecPrompt", payload, {}, second.taker()));
    first.taker()(std::move(with));
  }));
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
}

TEST_F(llm_rules, variables_of_ours_are_no_keys) {
  EXPECT_EQ(provider_variable("PGPASSWORD"), std::nullopt);
  EXPECT_EQ(provider_variable("QUORATE_ADMIN_KEY"), std::nullopt);
  EXPECT_EQ(provider_variable("DATABASE_URL"), std::nullopt);
  EXPECT_EQ(provider_variable("NO_SUCH_VARIABLE_IS_SET"), std::nullopt);
  EXPECT_TRUE(provider_variable("PATH"));
}

}  // namespace
}  // namespace quorate::engine::modules
