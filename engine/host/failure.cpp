// SPDX-License-Identifier: MIT
#include "engine/host/failure.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace quorate::engine::host {

namespace {

using chain::json;

constexpr std::array<std::pair<std::string_view, const char*>, 5> cause_codes{
    {{"NO_PROVIDER_FOR_PROMPT", "LLM_NO_PROVIDER"},
     {"EMPTY_PROMPT", "LLM_INVALID_PROMPT"},
     {"STATUS_NOT_OK", "LLM_PROVIDER_ERROR"},
     {"WEBPAGE_LOAD_FAILED", "WEB_REQUEST_FAILED"},
     {"TLD_FORBIDDEN", "WEB_TLD_FORBIDDEN"}}};

const char* code_of_causes(const std::vector<std::string>& causes) {
  for (const auto& cause : causes) {
    for (const auto& [name, code] : cause_codes) {
      if (cause == name) return code;
    }
  }
  return nullptr;
}

bool is_overload(const json& status) {
  const auto number = chain::as_integer(status);
  return number && (*number == 429 || *number == 503 || *number == 529);
}

/// `ctx.status`, or `ctx.body.error.code`.
bool says_overload(const json& raw) {
  const auto ctx = raw.find("ctx");
  if (ctx == raw.end() || !ctx->is_object()) return false;
  if (const auto status = ctx->find("status"); status != ctx->end() && is_overload(*status)) return true;
  const json::json_pointer code{"/body/error/code"};
  return ctx->contains(code) && is_overload(ctx->at(code));
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

/// When no cause is known: words in the message and on stderr, in this order.
const char* code_of_words(const std::string& text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (has("rate limit") || has("429")) return "LLM_RATE_LIMITED";
  if (has("invalid api key") || has("authentication")) return "LLM_INVALID_API_KEY";
  if (has("timeout")) return has("llm") || has("provider") || has("openai") ? "LLM_TIMEOUT" : "GENVM_TIMEOUT";
  if (has("no provider")) return "LLM_NO_PROVIDER";
  return nullptr;
}

std::vector<std::string> causes_in(const json& raw) {
  std::vector<std::string> out;
  const auto list = raw.find("causes");
  if (list == raw.end() || !list->is_array()) return out;
  for (const auto& entry : *list) {
    if (entry.is_string()) out.push_back(entry.get<std::string>());
  }
  return out;
}

json raw_error(const run_result& outcome) {
  if (std::holds_alternative<chain::calldata_map>(outcome.data.held)) return chain::calldata_to_json(outcome.data);
  const auto text = outcome.message();
  const auto parsed = parse_internal_error(text);
  return {{"causes", parsed.causes}, {"fatal", parsed.fatal}, {"message", text}};
}

}  // namespace

internal_text parse_internal_error(std::string_view text) {
  internal_text out;
  out.fatal = text.find("fatal: true") != std::string_view::npos;
  constexpr std::string_view mark = "causes: [";
  auto at = text.find(mark);
  if (at == std::string_view::npos) return out;
  for (text.remove_prefix(at + mark.size()); !text.empty() && text.front() != ']';) {
    if (text.front() != '"') {
      text.remove_prefix(1);
      continue;
    }
    const auto end = text.find('"', 1);
    if (end == std::string_view::npos) break;
    out.causes.emplace_back(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
  return out;
}

failure classify(const run_result& outcome) {
  failure out;
  if (outcome.is_returned()) return out;
  const auto words = lowered(outcome.message() + "\n" + outcome.standard_error);
  if (outcome.kind == result_kind::user_error) {
    out.code = "CONTRACT_ERROR";
    return out;
  }
  if (outcome.kind == result_kind::vm_error) {
    // The contract's own words on stderr are not the engine's.
    out.code = outcome.message().starts_with("timeout") ? "GENVM_TIMEOUT" : "CONTRACT_ERROR";
    return out;
  }
  out.raw = raw_error(outcome);
  const auto fatal = out.raw.find("fatal");
  out.fatal = fatal != out.raw.end() && fatal->is_boolean() && fatal->get<bool>();
  const char* code = says_overload(out.raw) ? "LLM_RATE_LIMITED" : code_of_causes(causes_in(out.raw));
  if (!code) code = code_of_words(words);
  out.code = code ? code : "INTERNAL_ERROR";
  return out;
}

}  // namespace quorate::engine::host
