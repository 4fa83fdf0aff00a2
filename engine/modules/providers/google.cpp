// SPDX-License-Identifier: MIT
#include <array>

#include "chain/base64.hpp"
#include "engine/modules/providers/shape.hpp"

namespace quorate::engine::modules::providers {

namespace {

/// Settings that belong to the request; all others are the generation's.
constexpr std::array<std::string_view, 4> google_own{"cachedContent", "safetySettings", "toolConfig", "tools"};

/// For a part of a URL: everything but letters, digits and -._~ as %XX.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string out;
  for (const char c : text) {
    const auto value = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append({'%', digits[value >> 4], digits[value & 15]});
    }
  }
  return out;
}

http_request google_request(const backend& to, const prompt& asked) {
  json parts = json::array();
  for (const auto& one : asked.images)
    parts.push_back({{"inline_data", {{"mime_type", one.mime}, {"data", chain::to_base64(one.data)}}}});
  parts.push_back({{"text", asked.user}});
  json generation{{"responseMimeType", asked.format == answer_format::text ? "text/plain" : "application/json"},
                  {"temperature", temperature_of(to, asked)},
                  {"maxOutputTokens", asked.max_tokens}};
  add_settings(generation, to, google_own);
  json body{{"contents", json::array({{{"role", "user"}, {"parts", std::move(parts)}}})},
            {"generationConfig", std::move(generation)}};
  if (!asked.system.empty()) body["system_instruction"] = {{"parts", json::array({{{"text", asked.system}}})}};
  for (const auto key : google_own) {
    if (const auto found = to.config.find(std::string{key}); found != to.config.end())
      body.emplace(std::string{key}, *found);
  }
  const auto path = "/v1beta/models/" + percent_encoded(to.model) + ":generateContent?key=" + percent_encoded(to.key);
  return post(url_of(to, path), body);
}

outcome<reply> google_reply(const json& body, answer_format format) {
  return text_reply(body, "/candidates/0/content/parts/0/text", format);
}

}  // namespace

const shape google{.ask = google_request, .read = google_reply};

}  // namespace quorate::engine::modules::providers
