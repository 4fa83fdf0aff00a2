// SPDX-License-Identifier: MIT
#include "engine/modules/providers/shape.hpp"

namespace quorate::engine::modules::providers {

namespace {

/// A plain text where there is no image: not every compatible server takes a list.
json openai_content(const prompt& asked) {
  if (asked.images.empty()) return asked.user;
  json out = json::array({{{"type", "text"}, {"text", asked.user}}});
  for (const auto& one : asked.images) out.push_back({{"type", "image_url"}, {"image_url", {{"url", data_url(one)}}}});
  return out;
}

http_request openai_request(const backend& to, const prompt& asked) {
  json messages = json::array();
  if (!asked.system.empty()) messages.push_back({{"role", "system"}, {"content", asked.system}});
  messages.push_back({{"role", "user"}, {"content", openai_content(asked)}});
  json body{{"model", to.model},
            {"messages", std::move(messages)},
            {"stream", false},
            {"temperature", temperature_of(to, asked)}};
  body[to.use_max_completion_tokens ? "max_completion_tokens" : "max_tokens"] = asked.max_tokens;
  if (asked.format != answer_format::text) body["response_format"] = {{"type", "json_object"}};
  add_settings(body, to);
  return post(url_of(to, "/v1/chat/completions"), body, {{"Authorization", "Bearer " + to.key}});
}

outcome<reply> openai_reply(const json& body, answer_format format) {
  return text_reply(body, "/choices/0/message/content", format);
}

}  // namespace

const shape openai{.ask = openai_request, .read = openai_reply};

}  // namespace quorate::engine::modules::providers
