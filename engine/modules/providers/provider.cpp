// SPDX-License-Identifier: MIT
#include "engine/modules/providers/provider.hpp"

#include <algorithm>
#include <array>

#include "chain/redact.hpp"
#include "chain/utf8.hpp"
#include "engine/modules/providers/shape.hpp"

namespace quorate::engine::modules {

namespace {

constexpr std::size_t longest_quote = 4096;
/// Shorter ones are placeholders such as "x": to hide them would garble the text, and hide nothing.
constexpr std::size_t shortest_key = 6;

const providers::shape& shape_of(plugin kind) {
  switch (kind) {
    case plugin::openai_compatible: return providers::openai;
    case plugin::ollama: return providers::ollama;
    case plugin::anthropic: return providers::anthropic;
    case plugin::google: return providers::google;
    case plugin::custom: return providers::custom;
  }
  return providers::openai;
}

/// As JSON where it is some of bearable size: who reads the error looks for body.error.code.
json quoted_body(const std::string& body, const std::string& key) {
  const auto clean = without_key(clean_utf8(body), key);
  if (clean.size() <= longest_quote) {
    if (auto parsed = chain::parse_json(clean)) return *std::move(parsed);
  }
  return chain::excerpt(clean, longest_quote);
}

/// What helps to understand a refusal; cookies and the like do not.
json quoted_headers(const http_response& response, const std::string& key) {
  constexpr std::array<std::string_view, 4> kept{"content-type", "retry-after", "request-id", "x-request-id"};
  json out = json::object();
  for (const auto& [name, value] : response.headers) {
    if (std::find(kept.begin(), kept.end(), name) != kept.end() || name.starts_with("x-ratelimit-") ||
        name.starts_with("anthropic-ratelimit-"))
      out[name] = chain::excerpt(without_key(clean_utf8(value), key), 200);
  }
  return out;
}

}  // namespace

http_request provider_request(const backend& to, const prompt& asked) { return shape_of(to.kind).ask(to, asked); }

outcome<reply> provider_reply(const backend& from, const prompt& asked, const http_response& response) {
  if (response.status != 200) {
    return failed("STATUS_NOT_OK",
                  {{"url", provider_url(from)},
                   {"status", response.status},
                   {"headers", quoted_headers(response, from.key)},
                   {"body", quoted_body(response.body, from.key)}},
                  true);
  }
  const auto body = chain::parse_json(response.body);
  auto out = body ? shape_of(from.kind).read(*body, asked.format)
                  : failed("DESERIALIZING", {{"message", "not JSON: " + body.error().detail},
                                             {"text", quoted_body(response.body, from.key)}});
  if (!out) {
    out.error().fatal = true;
    out.error().ctx["url"] = provider_url(from);
    for (json& value : out.error().ctx) {
      if (value.is_string()) value = without_key(value.get<std::string>(), from.key);
    }
  }
  return out;
}

std::string provider_url(const backend& of) {
  const auto url = provider_request(of, {}).url;
  return without_key(redact(url.substr(0, url.find('?'))), of.key);
}

std::string without_key(std::string text, const std::string& key) {
  if (key.size() < shortest_key) return text;
  for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; at += redacted.size())
    text.replace(at, key.size(), redacted);
  return text;
}

}  // namespace quorate::engine::modules
