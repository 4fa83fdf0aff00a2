// SPDX-License-Identifier: MIT
#include "engine/modules/mocks.hpp"

#include <utility>

#include "engine/modules/lua_pattern.hpp"
#include "engine/modules/reply_text.hpp"

namespace quorate::engine::modules {

namespace {

const json* object_at(const json& of, const char* key) {
  if (!of.is_object()) return nullptr;
  const auto found = of.find(key);
  return found == of.end() || !found->is_object() ? nullptr : &*found;
}

const char* mock_table(prompt_source source) {
  switch (source) {
    case prompt_source::comparative: return "eq_principle_prompt_comparative";
    case prompt_source::non_comparative_validator: return "eq_principle_prompt_non_comparative";
    case prompt_source::contract:
    case prompt_source::non_comparative_leader: return "response";
  }
  return "";
}

tl::unexpected<module_error> bad_mock(const std::string& key, std::string message) {
  return failed("INVALID_MOCK", {{"key", key}, {"message", std::move(message)}}, true);
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : chain::dump_json(value);
}

outcome<reply> as_reply(const std::string& key, const json& value, answer_format format) {
  if (format == answer_format::text) return text_of(value);
  if (format == answer_format::boolean && value.is_boolean()) return value.get<bool>();
  const auto object = value.is_object() ? outcome<json>{value} : read_object(text_of(value));
  if (format == answer_format::json) {
    if (object) return *object;
    return bad_mock(key, "neither an object nor the JSON text of one");
  }
  const auto text = text_of(value);
  if (text == "true" || text == "false") return text == "true";
  if (object) {
    if (const auto result = read_result(*object)) return *result;
  }
  return bad_mock(key, "neither a truth value nor an object with a `result` that is one");
}

}  // namespace

std::optional<outcome<reply>> mocked_reply(const json& host_data, const prompt& asked) {
  const json* const mocks = object_at(host_data, "mock_response");
  const json* const table = mocks == nullptr ? nullptr : object_at(*mocks, mock_table(asked.source));
  if (table == nullptr) return std::nullopt;
  const auto found = [&](const std::string& key, const json& value) -> std::optional<outcome<reply>> {
    if (value == "no match") return std::nullopt;
    return as_reply(key, value, asked.format);
  };
  for (const auto& [key, value] : table->items()) {
    if (key.empty()) continue;
    const auto match = lua_pattern{key}.find(asked.user);
    if (!match) return bad_mock(key, match.error().message);
    if (*match) return found(key, value);
  }
  const auto otherwise = table->find("");
  return otherwise == table->end() ? std::nullopt : found("", *otherwise);
}

const json* mocked_request(const json& host_data, std::string_view url, std::string_view method) {
  const json* const mocks = object_at(host_data, "mock_web_response");
  const json* const requests = mocks == nullptr ? nullptr : object_at(*mocks, "nondet_web_request");
  const json* const one = requests == nullptr ? nullptr : object_at(*requests, std::string{url}.c_str());
  if (one == nullptr) return nullptr;
  const auto wanted = one->find("method");
  return wanted != one->end() && *wanted == method ? one : nullptr;
}

}  // namespace quorate::engine::modules
