// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "engine/modules/providers/provider.hpp"

namespace quorate::engine::modules::providers {

/// What makes one provider's API.
struct shape {
  http_request (*ask)(const backend& to, const prompt& asked);
  outcome<reply> (*read)(const json& body, answer_format format);
};

extern const shape openai, ollama, anthropic, google, custom;

/// `host` without slashes at its end, and then the path.
std::string url_of(const backend& to, std::string_view path);
/// A POST of JSON, with these headers besides.
http_request post(std::string url, const json& body, http_headers headers = {});
/// The validator's temperature, or else the prompt's.
json temperature_of(const backend& to, const prompt& asked);
/// Adds the validator's settings for the model: not temperature, max_tokens, use_max_completion_tokens, which have
/// their places, nor `others`, nor what `into` has already.
void add_settings(json& into, const backend& to, std::span<const std::string_view> others = {});
/// A data: URL.
std::string data_url(const image& of);

/// The value at a JSON pointer as text, then read as the format wants it. DESERIALIZING otherwise.
outcome<reply> text_reply(const json& body, const char* pointer, answer_format format);

}  // namespace quorate::engine::modules::providers
