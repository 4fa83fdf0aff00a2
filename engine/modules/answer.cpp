// SPDX-License-Identifier: MIT
#include "engine/modules/answer.hpp"

#include <utility>

#include "chain/utf8.hpp"

namespace quorate::engine::modules {

namespace {

using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;

constexpr std::size_t deepest_circumstance = 64;

calldata_value circumstance(const json& value, std::size_t depth) {
  if (depth > deepest_circumstance || value.is_null()) return {};
  if (value.is_boolean()) return calldata_value{value.get<bool>()};
  if (value.is_string()) return calldata_value{clean_utf8(value.get_ref<const std::string&>())};
  if (value.is_array()) {
    calldata_array out;
    for (const json& entry : value) out.push_back(circumstance(entry, depth + 1));
    return calldata_value{std::move(out)};
  }
  if (value.is_object()) {
    calldata_map out;
    for (const auto& [key, entry] : value.items()) out[clean_utf8(key)] = circumstance(entry, depth + 1);
    return calldata_value{std::move(out)};
  }
  auto number = value.is_number_float() ? std::nullopt : chain::as_integer(value);
  return number ? calldata_value{*std::move(number)} : calldata_value{chain::dump_json(value)};
}

}  // namespace

tl::unexpected<module_error> failed(std::string cause, json ctx, bool fatal) {
  return tl::unexpected<module_error>{
      module_error{.causes = {std::move(cause)}, .ctx = std::move(ctx), .fatal = fatal}};
}

answer make_answer(calldata_value ok) {
  calldata_map out;
  out.emplace("ok", std::move(ok));
  return {.fatal = false, .value = calldata_value{std::move(out)}};
}

answer make_answer(const module_error& error) {
  calldata_array causes;
  for (const auto& cause : error.causes) causes.emplace_back(cause);
  calldata_map inner;
  inner.emplace("causes", std::move(causes));
  inner.emplace("fatal", error.fatal);
  inner.emplace("ctx", lenient_calldata(error.ctx));
  calldata_map out;
  out.emplace("error", std::move(inner));
  return {.fatal = error.fatal, .value = calldata_value{std::move(out)}};
}

calldata_value lenient_calldata(const json& value) { return circumstance(value, 0); }

std::string clean_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = chain::utf8_sequence(text);
    out.append(length == 0 ? chain::replacement_character : text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace quorate::engine::modules
