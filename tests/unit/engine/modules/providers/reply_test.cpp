// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "engine/modules/providers/provider.hpp"
#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

/// The reply as text, with what it is before it, or the cause of the error and its message.
std::string read(plugin kind, answer_format format, std::string body) {
  const auto out = provider_reply(tests::a_backend(kind), {.format = format}, {.status = 200, .body = std::move(body)});
  if (!out) {
    EXPECT_TRUE(out.error().fatal);
    return out.error().causes.at(0) + ": " + out.error().ctx.value("message", "");
  }
  if (const auto* text = std::get_if<std::string>(&*out)) return "text " + *text;
  if (const auto* object = std::get_if<json>(&*out)) return "json " + chain::dump_json(*object);
  return std::get<bool>(*out) ? "true" : "false";
}

constexpr auto text = answer_format::text;
constexpr auto object = answer_format::json;
constexpr auto boolean = answer_format::boolean;

TEST(provider_reply, openai_compatible_and_custom) {
  for (const auto kind : {plugin::openai_compatible, plugin::custom}) {
    EXPECT_EQ(read(kind, text, R"({"choices":[{"message":{"content":"hi"}}]})"), "text hi");
    EXPECT_EQ(read(kind, object, R"({"choices":[{"message":{"content":"```json\n{\"a\":1.0}\n```"}}]})"),
              R"(json {"a":1.0})");
    EXPECT_EQ(read(kind, boolean, R"({"choices":[{"message":{"content":"{\"result\":true}"}}]})"), "true");
    EXPECT_EQ(read(kind, boolean, R"({"choices":[{"message":{"content":"{\"result\":1}"}}]})"),
              "DESERIALIZING: the object has no truth value at `result`");
    EXPECT_EQ(read(kind, text, R"({"choices":[]})"), "DESERIALIZING: no text at /choices/0/message/content");
    EXPECT_EQ(read(kind, text, R"({"choices":[{"message":{"content":null}}]})"),
              "DESERIALIZING: no text at /choices/0/message/content");
    EXPECT_EQ(read(kind, object, R"({"choices":[{"message":{"content":"[]"}}]})"), "DESERIALIZING: not a JSON object");
  }
}

TEST(provider_reply, ollama) {
  EXPECT_EQ(read(plugin::ollama, text, R"({"response":"hi","done":true})"), "text hi");
  EXPECT_EQ(read(plugin::ollama, object, R"({"response":"{\"a\":[]}"})"), R"(json {"a":[]})");
  EXPECT_EQ(read(plugin::ollama, boolean, R"({"response":"{\"result\":false}"})"), "false");
  EXPECT_EQ(read(plugin::ollama, text, R"({"error":"x"})"), "DESERIALIZING: no text at /response");
}

TEST(provider_reply, anthropic) {
  EXPECT_EQ(read(plugin::anthropic, text, R"({"content":[{"type":"text","text":"hi"}]})"), "text hi");
  EXPECT_EQ(
      read(plugin::anthropic, text, R"({"content":[{"type":"thinking","thinking":"…"},{"type":"text","text":"hi"}]})"),
      "text hi");
  EXPECT_EQ(read(plugin::anthropic, object, R"({"content":[{"type":"tool_use","name":"json_out","input":{"a":1}}]})"),
            R"(json {"a":1})");
  EXPECT_EQ(read(plugin::anthropic, boolean,
                 R"({"content":[{"type":"tool_use","name":"json_out","input":{"reason":"r","result":true}}]})"),
            "true");
  EXPECT_EQ(read(plugin::anthropic, object, R"({"content":[{"type":"text","text":"no"}]})"),
            "DESERIALIZING: the model did not call the tool");
  EXPECT_EQ(read(plugin::anthropic, boolean, R"({"content":[{"type":"tool_use","input":{}}]})"),
            "DESERIALIZING: the tool's input has no truth value at `result`");
  EXPECT_EQ(read(plugin::anthropic, text, R"({"content":[1]})"), "DESERIALIZING: no text at /text");
}

TEST(provider_reply, google) {
  EXPECT_EQ(read(plugin::google, text, R"({"candidates":[{"content":{"parts":[{"text":"hi"}]}}]})"), "text hi");
  EXPECT_EQ(read(plugin::google, boolean, R"({"candidates":[{"content":{"parts":[{"text":"{\"result\":true}"}]}}]})"),
            "true");
  EXPECT_EQ(read(plugin::google, text, R"({"candidates":[{"finishReason":"SAFETY"}]})"),
            "DESERIALIZING: no text at /candidates/0/content/parts/0/text");
}

TEST(provider_reply, rubbish_is_an_error_with_every_provider) {
  for (const auto kind :
       {plugin::openai_compatible, plugin::ollama, plugin::anthropic, plugin::google, plugin::custom}) {
    for (const char* body : {"", "<html>", "[]", "null", "{\"choices\":{}}", "{\"content\":{}}", "\xff"}) {
      for (const auto format : {text, object, boolean})
        EXPECT_TRUE(read(kind, format, body).starts_with("DESERIALIZING"));
    }
  }
}

TEST(provider_reply, another_status_is_an_error_that_says_what_came) {
  const auto out =
      provider_reply(tests::a_backend(plugin::google), {},
                     {.status = 429,
                      .headers = {{"retry-after", "3"}, {"set-cookie", "c"}, {"x-ratelimit-remaining", "0"}},
                      .body = R"({"error":{"code":429,"message":"slow down, secret-key-1"}})"});
  ASSERT_FALSE(out);
  EXPECT_TRUE(out.error().fatal);
  EXPECT_EQ(out.error().causes.at(0), "STATUS_NOT_OK");
  EXPECT_EQ(out.error().ctx, tests::parsed(R"({"status":429,
    "url":"http://models.example/api/v1beta/models/big%2Fmodel:generateContent",
    "headers":{"retry-after":"3","x-ratelimit-remaining":"0"},
    "body":{"error":{"code":429,"message":"slow down, ***"}}})"));
}

TEST(provider_reply, the_key_is_in_no_error) {
  for (const auto kind :
       {plugin::openai_compatible, plugin::ollama, plugin::anthropic, plugin::google, plugin::custom}) {
    auto from = tests::a_backend(kind);
    from.host = "http://user:secret-key-1@models.example/secret-key-1";
    for (const int status : {200, 500}) {
      for (const char* body : {"secret-key-1", R"({"choices":[{"message":{"content":"secret-key-1"}}]})",
                               R"({"response":"secret-key-1"})"}) {
        const auto out = provider_reply(
            from, {.format = object}, {.status = status, .headers = {{"x-request-id", "secret-key-1"}}, .body = body});
        ASSERT_FALSE(out);
        EXPECT_EQ(chain::dump_json(out.error().ctx).find("secret-key-1"), std::string::npos)
            << chain::dump_json(out.error().ctx);
      }
    }
  }
}

TEST(provider_reply, a_long_body_is_quoted_in_part) {
  const auto out =
      provider_reply(tests::a_backend(plugin::ollama), {}, {.status = 500, .body = std::string(100'000, 'x')});
  ASSERT_FALSE(out);
  EXPECT_LE(out.error().ctx.at("body").get<std::string>().size(), 4096u + 3);
}

}  // namespace
}  // namespace quorate::engine::modules
