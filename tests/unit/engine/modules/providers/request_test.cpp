// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "engine/modules/providers/provider.hpp"
#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

/// One that has everything.
prompt full(answer_format format) {
  return {.format = format, .system = "S", .user = "U", .images = {{.mime = "image/png", .data = tests::png()}}};
}
prompt plain(answer_format format = answer_format::text) { return {.format = format, .user = "U"}; }

void expect_body(const http_request& request, std::string_view expected) {
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(header_of({.headers = request.headers}, "Content-Type"), "application/json");
  EXPECT_EQ(request.body, chain::dump_json(tests::parsed(expected)));
}

std::string header(const http_request& request, std::string_view name) {
  return header_of({.headers = request.headers}, name);
}

TEST(provider_request, openai_compatible) {
  const auto request = provider_request(tests::a_backend(plugin::openai_compatible), full(answer_format::text));
  EXPECT_EQ(request.url, "http://models.example/api/v1/chat/completions");
  EXPECT_EQ(header(request, "Authorization"), "Bearer secret-key-1");
  expect_body(request, R"({"model":"big/model","stream":false,"temperature":0.7,"max_tokens":4000,"messages":[
    {"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"U"},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoB"}}]}]})");
}

TEST(provider_request, openai_compatible_with_settings) {
  auto to =
      tests::a_backend(plugin::openai_compatible,
                       R"({"temperature":0.25,"max_tokens":5,"use_max_completion_tokens":false,"seed":7,"model":"x"})");
  to.use_max_completion_tokens = true;
  expect_body(provider_request(to, plain(answer_format::json)),
              R"({"model":"big/model","stream":false,"temperature":0.25,"max_completion_tokens":4000,"seed":7,
    "response_format":{"type":"json_object"},"messages":[{"role":"user","content":"U"}]})");
}

TEST(provider_request, ollama) {
  const auto request =
      provider_request(tests::a_backend(plugin::ollama, R"({"temperature":0.1,"num_ctx":2048,"keep_alive":"5m"})"),
                       full(answer_format::boolean));
  EXPECT_EQ(request.url, "http://models.example/api/api/generate");
  expect_body(request,
              R"({"model":"big/model","prompt":"U","system":"S","stream":false,"format":"json","keep_alive":"5m",
    "images":["iVBORw0KGgoB"],"options":{"temperature":0.1,"num_predict":4000,"num_ctx":2048}})");
}

TEST(provider_request, anthropic) {
  const auto request =
      provider_request(tests::a_backend(plugin::anthropic, R"({"top_k":3,"timeout":20})"), full(answer_format::text));
  EXPECT_EQ(request.url, "http://models.example/api/v1/messages");
  EXPECT_EQ(header(request, "x-api-key"), "secret-key-1");
  EXPECT_EQ(header(request, "anthropic-version"), "2023-06-01");
  expect_body(request,
              R"({"model":"big/model","max_tokens":4000,"stream":false,"temperature":0.7,"system":"S","top_k":3,
    "messages":[{"role":"user","content":[
    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoB"}},{"type":"text","text":"U"}]}]})");
}

TEST(provider_request, anthropic_must_call_a_tool_for_objects) {
  const auto of = [](answer_format format) {
    return tests::parsed(provider_request(tests::a_backend(plugin::anthropic), plain(format)).body);
  };
  const auto object = of(answer_format::json);
  EXPECT_EQ(object.at("tool_choice"), tests::parsed(R"({"type":"tool","name":"json_out"})"));
  EXPECT_EQ(object.at("tools").at(0).at("name"), "json_out");
  EXPECT_EQ(object.at("tools").at(0).at("input_schema").at("type"), "object");
  EXPECT_EQ(object.at("max_tokens"), 4000);
  const auto judgement = of(answer_format::boolean);
  EXPECT_EQ(judgement.at("tools").at(0).at("input_schema").at("properties").at("result").at("type"), "boolean");
  EXPECT_EQ(judgement.at("max_tokens"), 200);
}

TEST(provider_request, google) {
  const auto request = provider_request(tests::a_backend(plugin::google, R"({"topK":3,"safetySettings":[]})"),
                                        full(answer_format::text));
  EXPECT_EQ(request.url, "http://models.example/api/v1beta/models/big%2Fmodel:generateContent?key=secret-key-1");
  expect_body(request, R"({"safetySettings":[],"system_instruction":{"parts":[{"text":"S"}]},
    "generationConfig":{"responseMimeType":"text/plain","temperature":0.7,"maxOutputTokens":4000,"topK":3},
    "contents":[{"role":"user","parts":[{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgoB"}},{"text":"U"}]}]})");
  const auto object = provider_request(tests::a_backend(plugin::google), plain(answer_format::json));
  EXPECT_EQ(tests::parsed(object.body).at("generationConfig").at("responseMimeType"), "application/json");
}

TEST(provider_request, custom_takes_one_message_and_every_setting) {
  const auto request = provider_request(
      tests::a_backend(plugin::custom,
                       R"({"temperature":"0.50","on":"true","off":"false","name":"x","n":"12","o":{}})"),
      full(answer_format::text));
  EXPECT_EQ(request.url, "http://models.example/api/");
  EXPECT_EQ(header(request, "Authorization"), "Bearer secret-key-1");
  expect_body(request, R"({"model":"big/model","messages":[{"role":"user","content":"S\n\nU"}],"temperature":0.50,
    "on":true,"off":false,"name":"x","n":12,"o":{}})");
}

}  // namespace
}  // namespace quorate::engine::modules
