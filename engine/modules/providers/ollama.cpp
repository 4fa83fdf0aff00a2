// SPDX-License-Identifier: MIT
#include <array>

#include "chain/base64.hpp"
#include "engine/modules/providers/shape.hpp"

namespace quorate::engine::modules::providers {

namespace {

/// Settings that belong to the request; all others are options of the model.
constexpr std::array<std::string_view, 6> ollama_own{"format", "keep_alive", "raw", "suffix", "template", "think"};

http_request ollama_request(const backend& to, const prompt& asked) {
  json options{{"temperature", temperature_of(to, asked)}, {"num_predict", asked.max_tokens}};
  add_settings(options, to, ollama_own);
  json body{{"model", to.model}, {"prompt", asked.user}, {"stream", false}, {"options", std::move(options)}};
  if (!asked.system.empty()) body["system"] = asked.system;
  if (asked.format != answer_format::text) body["format"] = "json";
  if (!asked.images.empty()) {
    json images = json::array();
    for (const auto& one : asked.images) images.push_back(chain::to_base64(one.data));
    body["images"] = std::move(images);
  }
  for (const auto key : ollama_own) {
    if (const auto found = to.config.find(std::string{key}); found != to.config.end())
      body.emplace(std::string{key}, *found);
  }
  http_headers headers;
  if (!to.key.empty()) headers.emplace_back("Authorization", "Bearer " + to.key);  // a proxy in front may want it
  return post(url_of(to, "/api/generate"), body, std::move(headers));
}

outcome<reply> ollama_reply(const json& body, answer_format format) { return text_reply(body, "/response", format); }

}  // namespace

const shape ollama{.ask = ollama_request, .read = ollama_reply};

}  // namespace quorate::engine::modules::providers
