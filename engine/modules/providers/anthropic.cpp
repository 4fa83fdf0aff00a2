// SPDX-License-Identifier: MIT
#include <array>

#include "chain/base64.hpp"
#include "engine/modules/providers/shape.hpp"
#include "engine/modules/reply_text.hpp"

namespace quorate::engine::modules::providers {

namespace {

constexpr const char* tool_name = "json_out";
constexpr std::int64_t tokens_of_a_judgement = 200;
constexpr std::array<std::string_view, 1> ours_to_keep{"timeout"};

/// There is no JSON mode: the model is made to call a tool, whose input is the answer.
json anthropic_tool(answer_format format) {
  json schema{{"type", "object"}, {"properties", json::object()}, {"additionalProperties", true}};
  if (format == answer_format::boolean) {
    schema = {{"type", "object"},
              {"properties",
               {{"reason", {{"type", "string"}, {"description", "Why, in one or two sentences"}}},
                {"result", {{"type", "boolean"}, {"description", "The judgement"}}}}},
              {"required", {"reason", "result"}}};
  }
  return {{"name", tool_name}, {"description", "Takes the reply, as an object"}, {"input_schema", std::move(schema)}};
}

http_request anthropic_request(const backend& to, const prompt& asked) {
  json content = json::array();
  for (const auto& one : asked.images) {
    content.push_back(
        {{"type", "image"},
         {"source", {{"type", "base64"}, {"media_type", one.mime}, {"data", chain::to_base64(one.data)}}}});
  }
  content.push_back({{"type", "text"}, {"text", asked.user}});
  const bool judges = asked.format == answer_format::boolean;
  json body{{"model", to.model},
            {"messages", json::array({{{"role", "user"}, {"content", std::move(content)}}})},
            {"max_tokens", judges ? tokens_of_a_judgement : asked.max_tokens},
            {"stream", false},
            {"temperature", temperature_of(to, asked)}};
  if (!asked.system.empty()) body["system"] = asked.system;
  if (asked.format != answer_format::text) {
    body["tools"] = json::array({anthropic_tool(asked.format)});
    body["tool_choice"] = {{"type", "tool"}, {"name", tool_name}};
  }
  add_settings(body, to, ours_to_keep);
  return post(url_of(to, "/v1/messages"), body, {{"x-api-key", to.key}, {"anthropic-version", "2023-06-01"}});
}

/// The first block of a type; null where there is none. Other blocks (thinking) may stand before it.
const json* anthropic_block(const json& body, const char* type) {
  const auto content = body.find("content");
  if (content == body.end() || !content->is_array()) return nullptr;
  for (const json& block : *content) {
    if (block.is_object() && block.contains("type") && block.at("type") == type) return &block;
  }
  return nullptr;
}

outcome<reply> anthropic_reply(const json& body, answer_format format) {
  if (format == answer_format::text) {
    const json* const block = anthropic_block(body, "text");
    return text_reply(block == nullptr ? json::object() : *block, "/text", format);
  }
  const json* const block = anthropic_block(body, "tool_use");
  if (block == nullptr || !block->contains("input") || !block->at("input").is_object())
    return failed("DESERIALIZING", {{"message", "the model did not call the tool"}});
  const json& input = block->at("input");
  if (format == answer_format::json) return input;
  if (const auto result = read_result(input)) return *result;
  return failed("DESERIALIZING", {{"message", "the tool's input has no truth value at `result`"}});
}

}  // namespace

const shape anthropic{.ask = anthropic_request, .read = anthropic_reply};

}  // namespace quorate::engine::modules::providers
