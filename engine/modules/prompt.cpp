// SPDX-License-Identifier: MIT
#include "engine/modules/prompt.hpp"

#include <algorithm>
#include <array>

#include "chain/utf8.hpp"
#include "engine/modules/payload.hpp"
#include "engine/modules/templates.hpp"

namespace quorate::engine::modules {

namespace {

using chain::calldata_array;
using chain::calldata_value;

constexpr std::size_t most_images = 2;
constexpr std::size_t longest_description = 4096;
constexpr std::string_view white_space = " \t\r\n\v\f";

/// Empty for what is neither PNG nor JPEG.
std::string_view mime_of(const chain::bytes& data) {
  constexpr std::array<std::uint8_t, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  constexpr std::array<std::uint8_t, 3> jpeg{0xff, 0xd8, 0xff};
  const auto begins_with = [&](const auto& signature) {
    return data.size() >= signature.size() && std::equal(signature.begin(), signature.end(), data.begin());
  };
  if (begins_with(png)) return "image/png";
  return begins_with(jpeg) ? "image/jpeg" : "";
}

status read_images(const calldata_value& payload, std::vector<image>& out) {
  const auto* const found = member(payload, "images");
  if (found == nullptr || std::holds_alternative<std::monostate>(found->held)) return {};
  const auto* const images = std::get_if<calldata_array>(&found->held);
  if (images == nullptr) return fail(errc::invalid_params, "images: an array is expected");
  if (images->size() > most_images) return fail(errc::invalid_params, "images: at most 2");
  for (const auto& entry : *images) {
    const auto* const data = std::get_if<chain::bytes>(&entry.held);
    if (data == nullptr) return fail(errc::invalid_params, "images: bytes are expected");
    const auto mime = mime_of(*data);
    if (mime.empty()) return fail(errc::invalid_params, "images: neither PNG nor JPEG");
    out.push_back({.mime = mime, .data = *data});
  }
  return {};
}

}  // namespace

std::string_view name(answer_format format) {
  switch (format) {
    case answer_format::text: return "text";
    case answer_format::json: return "json";
    case answer_format::boolean: return "bool";
  }
  return "";
}

bool is_blank(const prompt& asked) {
  return asked.images.empty() && asked.user.find_first_not_of(white_space) == std::string::npos;
}

chain::json describe(const prompt& asked) {
  chain::json out{{"user_message", chain::excerpt(asked.user, longest_description)},
                  {"format", name(asked.format)},
                  {"temperature", asked.temperature},
                  {"max_tokens", asked.max_tokens},
                  {"images", asked.images.size()}};
  if (!asked.system.empty()) out["system_message"] = chain::excerpt(asked.system, longest_description);
  return out;
}

result<prompt> read_prompt(const calldata_value& payload) {
  prompt out;
  auto user = text_member(payload, "prompt");
  if (!user) return tl::unexpected{user.error()};
  out.user = *std::move(user);
  const auto format = text_member(payload, "response_format");
  if (!format) return tl::unexpected{format.error()};
  if (*format == "json") {
    out.format = answer_format::json;
    out.system = json_instruction;
  } else if (*format != "text") {
    return fail(errc::invalid_params, "response_format: neither text nor json");
  }
  if (const auto images = read_images(payload, out.images); !images) return tl::unexpected{images.error()};
  return out;
}

result<prompt> read_template(const calldata_value& payload) {
  const auto id = text_member(payload, "template");
  if (!id) return tl::unexpected{id.error()};
  const auto* const found = find_template(*id);
  if (found == nullptr) return fail(errc::invalid_params, "template: unknown");
  prompt out;
  out.source = found->source;
  out.format = found->format;
  out.system = found->system;
  // The parts are laid side by side, not filled into text that was filled before: a value never counts as a name.
  for (const auto& part : found->parts) {
    const auto value = text_member(payload, part.member);
    if (!value) return tl::unexpected{value.error()};
    out.user.append(out.user.empty() ? "" : "\n\n").append(part.title).append(":\n").append(*value);
  }
  return out;
}

}  // namespace quorate::engine::modules
