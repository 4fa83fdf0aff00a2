// SPDX-License-Identifier: MIT
#include "rpc/methods/lint.hpp"

#include <charconv>
#include <optional>

namespace quorate::rpc::methods {

namespace {

using chain::json;

struct finding {
  std::string rule{};
  std::string message{};
  int line = 1;
  int column = 0;
  std::optional<std::string> suggestion{};
};

/// The last line of a traceback that begins a word: `SyntaxError: invalid syntax`.
std::string last_error(std::string_view trace) {
  std::string out;
  while (!trace.empty()) {
    const auto end = trace.find('\n');
    const auto line = trace.substr(0, end);
    const auto colon = line.find(':');
    const bool is_error =
        !line.empty() && line.front() != ' ' && line.substr(0, colon).find(' ') == std::string_view::npos;
    if (is_error) out = line;
    if (end == std::string_view::npos) break;
    trace.remove_prefix(end + 1);
  }
  return out;
}

/// The line of the contract that the traceback names last.
int last_line(std::string_view trace) {
  int out = 1;
  constexpr std::string_view mark = "/contract";
  for (auto at = trace.find(mark); at != std::string_view::npos; at = trace.find(mark, at + 1)) {
    constexpr std::string_view word = ", line ";
    const auto end = trace.find('\n', at);
    const auto line = trace.substr(at, end == std::string_view::npos ? end : end - at);
    if (const auto number = line.find(word); number != std::string_view::npos) {
      std::from_chars(line.data() + number + word.size(), line.data() + line.size(), out);
    }
  }
  return out;
}

/// Where the caret of a syntax error stands, below its line of source.
int caret_column(std::string_view trace) {
  std::size_t before = 0;
  for (std::size_t start = 0; start < trace.size();) {
    const auto end = std::min(trace.find('\n', start), trace.size());
    const auto line = trace.substr(start, end - start);
    const auto first = line.find_first_not_of(' ');
    if (first != std::string_view::npos && line[first] == '^') return static_cast<int>(first - std::min(first, before));
    before = first == std::string_view::npos ? 0 : first;
    start = end + 1;
  }
  return 0;
}

finding header_finding(const std::string& code) {
  finding out{"header", "The header is not one: " + code, 1, 0, {}};
  out.suggestion = R"(# { "Depends": "py-genlayer:test" })";
  return out;
}

finding python_finding(const std::string& trace) {
  finding out;
  const auto error = last_error(trace);
  const auto name = error.substr(0, error.find(':'));
  const bool is_syntax = name == "SyntaxError" || name == "IndentationError" || name == "TabError";
  out.rule = is_syntax ? "syntax" : "schema";
  out.message = error.empty() ? "The contract cannot be loaded" : error;
  out.line = last_line(trace);
  if (is_syntax) out.column = caret_column(trace);
  return out;
}

}  // namespace

json lint_report(const engine::host::run_result& outcome, const std::string& filename) {
  json results = json::array();
  if (!outcome.is_returned()) {
    const auto code = outcome.message();
    const auto found = outcome.standard_error.empty() && !code.starts_with("exit_code")
                           ? header_finding(code)
                           : python_finding(outcome.standard_error);
    results.push_back({{"rule_id", found.rule},
                       {"message", found.message},
                       {"severity", "error"},
                       {"line", found.line},
                       {"column", found.column},
                       {"filename", filename},
                       {"suggestion", found.suggestion ? json(*found.suggestion) : json(nullptr)}});
  }
  const auto errors = results.size();
  return {{"results", std::move(results)},
          {"summary", {{"total", errors}, {"by_severity", {{"error", errors}, {"warning", 0}, {"info", 0}}}}}};
}

}  // namespace quorate::rpc::methods
