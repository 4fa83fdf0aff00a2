// SPDX-License-Identifier: MIT
#include "engine/modules/providers/shape.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "chain/base64.hpp"
#include "engine/modules/reply_text.hpp"

namespace quorate::engine::modules::providers {

std::string url_of(const backend& to, std::string_view path) {
  std::string out = to.host;
  while (out.ends_with('/')) out.pop_back();
  return out.append(path);
}

http_request post(std::string url, const json& body, http_headers headers) {
  headers.emplace_back("Content-Type", "application/json");
  return {.method = "POST", .url = std::move(url), .headers = std::move(headers), .body = chain::dump_json(body)};
}

json temperature_of(const backend& to, const prompt& asked) {
  const auto found = to.config.find("temperature");
  return found != to.config.end() && chain::is_number(*found) ? *found : json(asked.temperature);
}

void add_settings(json& into, const backend& to, std::span<const std::string_view> others) {
  constexpr std::array<std::string_view, 3> placed{"temperature", "max_tokens", "use_max_completion_tokens"};
  for (const auto& [key, value] : to.config.items()) {
    if (std::find(placed.begin(), placed.end(), key) == placed.end() &&
        std::find(others.begin(), others.end(), key) == others.end()) {
      into.emplace(key, value);  // leaves what is there
    }
  }
}

std::string data_url(const image& of) {
  return "data:" + std::string{of.mime} + ";base64," + chain::to_base64(of.data);
}

outcome<reply> text_reply(const json& body, const char* pointer, answer_format format) {
  const json::json_pointer at{pointer};
  if (!body.contains(at) || !body.at(at).is_string())
    return failed("DESERIALIZING", {{"message", std::string{"no text at "} + pointer}});
  const auto& text = body.at(at).get_ref<const std::string&>();
  if (format == answer_format::text) return text;
  auto object = read_object(text);
  if (!object) return tl::unexpected{std::move(object.error())};
  if (format == answer_format::json) return *std::move(object);
  const auto result = read_result(*object);
  if (!result) return failed("DESERIALIZING", {{"message", "the object has no truth value at `result`"}});
  return *result;
}

}  // namespace quorate::engine::modules::providers
