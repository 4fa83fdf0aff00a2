// SPDX-License-Identifier: MIT
#include "engine/modules/reply_text.hpp"

#include "chain/utf8.hpp"

namespace quorate::engine::modules {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

}  // namespace

std::string_view without_fences(std::string_view text) {
  constexpr std::string_view fence = "```";
  text = trimmed(text);
  if (!text.starts_with(fence)) return text;
  text.remove_prefix(fence.size());
  // The language is a word: what is right behind the fence, before the object or the line's end.
  const auto language_end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-");
  text.remove_prefix(language_end == std::string_view::npos ? text.size() : language_end);
  text = trimmed(text);
  if (text.ends_with(fence)) text.remove_suffix(fence.size());
  return trimmed(text);
}

outcome<json> read_object(std::string_view text) {
  auto parsed = chain::parse_json(without_fences(text));
  if (parsed && parsed->is_object()) return *std::move(parsed);
  return failed("DESERIALIZING", {{"message", parsed ? "not a JSON object" : "not JSON: " + parsed.error().detail},
                                  {"text", chain::excerpt(clean_utf8(text), 1024)}});
}

std::optional<bool> read_result(const json& object) {
  const auto found = object.find("result");
  if (found == object.end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

}  // namespace quorate::engine::modules
