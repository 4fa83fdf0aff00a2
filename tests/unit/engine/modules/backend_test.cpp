// SPDX-License-Identifier: MIT
#include "engine/modules/backend.hpp"

#include <gtest/gtest.h>

#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

std::optional<std::string> variables(const std::string& name) {
  if (name == "OPENAIKEY") return "sk-1";
  return std::nullopt;
}

std::string refusal(std::string_view config) {
  const auto read = read_backends(tests::parsed(config), variables);
  return read ? "accepted" : read.error().message;
}

TEST(backend, is_read_with_its_first_model_and_the_keys_value) {
  const auto read = read_backends(tests::parsed(R"({"backends":{
      "node-0xA":{"enabled":true,"host":"https://api.openai.com","provider":"openai-compatible","key":"${ENV[OPENAIKEY]}",
        "models":{"gpt":{"supports_json":true,"use_max_completion_tokens":true,"meta":{"config":{"temperature":0.5}}}}},
      "node-0xB":{"host":"http://ollama:11434","provider":"ollama","models":{"llama":{}}},
      "off":{"enabled":false}}})"),
                                  variables);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  const auto& a = read->at("node-0xA");
  EXPECT_EQ(a.id, "node-0xA");
  EXPECT_EQ(a.kind, plugin::openai_compatible);
  EXPECT_EQ(a.host, "https://api.openai.com");
  EXPECT_EQ(a.key, "sk-1");
  EXPECT_EQ(a.model, "gpt");
  EXPECT_TRUE(a.use_max_completion_tokens);
  EXPECT_EQ(chain::dump_json(a.config), R"({"temperature":0.5})");
  EXPECT_EQ(read->at("node-0xB").key, "");
  EXPECT_FALSE(read->at("node-0xB").use_max_completion_tokens);
}

TEST(backend, a_configuration_without_any_is_one) {
  EXPECT_EQ(refusal("{}"), "accepted");
  EXPECT_EQ(refusal(R"({"backends":{}})"), "accepted");
}

TEST(backend, what_is_wrong_is_named) {
  EXPECT_EQ(refusal("[]"), "config: an object is expected");
  EXPECT_EQ(refusal(R"({"backends":[]})"), "backends: an object is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":1}})"), "backends.a: an object is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":{}}})"), "backends.a.provider: a text is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":{"provider":"x"}}})"),
            "backends.a.provider: openai-compatible, ollama, anthropic, google or custom is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":{"provider":"ollama"}}})"), "backends.a.host: a text is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":{"provider":"ollama","host":"h"}}})"),
            "backends.a.models: an object with a model is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":{"provider":"ollama","host":"h","key":1,"models":{"m":{}}}}})"),
            "backends.a.key: a text is expected");
  EXPECT_EQ(
      refusal(R"({"backends":{"a":{"provider":"ollama","host":"h","models":{"m":{"use_max_completion_tokens":1}}}}})"),
      "backends.a.models.m.use_max_completion_tokens: true or false is expected");
  EXPECT_EQ(refusal(R"({"backends":{"a":{"provider":"ollama","host":"h","models":{"m":{"meta":{"config":[]}}}}}})"),
            "backends.a.models.m.meta.config: an object is expected");
}

TEST(backend, variables_are_replaced_wherever_they_stand) {
  EXPECT_EQ(with_variables("a${ENV[OPENAIKEY]}b${ENV[OPENAIKEY]}", variables), "ask-1bsk-1");
  EXPECT_EQ(with_variables("${ENV[NONE]}", variables), "");
  EXPECT_EQ(with_variables("${ENV[OPENAIKEY", variables), "${ENV[OPENAIKEY");
  EXPECT_EQ(with_variables("$OPENAIKEY", variables), "$OPENAIKEY");
}

TEST(backend, anthropics_timeout_is_ours) {
  EXPECT_EQ(own_time_limit(tests::a_backend(plugin::anthropic, R"({"timeout":5})")), std::chrono::seconds{5});
  EXPECT_EQ(own_time_limit(tests::a_backend(plugin::anthropic, R"({"timeout":61})")), std::nullopt);
  EXPECT_EQ(own_time_limit(tests::a_backend(plugin::anthropic)), std::nullopt);
  EXPECT_EQ(own_time_limit(tests::a_backend(plugin::ollama, R"({"timeout":5})")), std::nullopt);
}

}  // namespace
}  // namespace quorate::engine::modules
