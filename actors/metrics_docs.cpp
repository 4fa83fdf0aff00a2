// SPDX-License-Identifier: MIT
#include "actors/metrics_docs.hpp"

#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace quorate::actors::metrics {

namespace {

struct family {
  std::string type, help;
  std::set<std::string> label_names;
};
using families = std::map<std::string, family, std::less<>>;

std::optional<std::string_view> next_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// "name rest" → name; `text` keeps the rest.
std::string first_word(std::string_view& text) {
  const auto end = text.find(' ');
  std::string word{text.substr(0, end)};
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

/// The label names of one sample: `{a="1",b="x\"y"} 3`. Values may hold anything escaped.
void read_labels(std::string_view sample, std::set<std::string>& into) {
  const auto open = sample.find('{');
  if (open == std::string_view::npos) return;
  std::string name;
  bool in_value = false;
  for (auto i = open + 1; i < sample.size(); ++i) {
    const char c = sample[i];
    if (in_value) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_value = false;
    } else if (c == '"') {
      in_value = true;
    } else if (c == '=') {
      if (name != "le") into.insert(name);
      name.clear();
    } else if (c == '}') {
      return;
    } else if (c != ',') {
      name += c;
    }
  }
}

families parse(std::string_view exposition) {
  families out;
  auto current = out.end();
  while (auto line = next_line(exposition)) {
    if (line->starts_with("# HELP ")) {
      line->remove_prefix(7);
      current = out.try_emplace(first_word(*line)).first;
      current->second.help = *line;
    } else if (line->starts_with("# TYPE ")) {
      line->remove_prefix(7);
      current = out.try_emplace(first_word(*line)).first;
      current->second.type = *line;
    } else if (current != out.end() && line->starts_with(current->first)) {
      read_labels(*line, current->second.label_names);
    }
  }
  return out;
}

std::string row(const std::string& name, const family& f) {
  std::string labels;
  for (const auto& one : f.label_names) labels += fmt::format("{}`{}`", labels.empty() ? "" : ", ", one);
  return fmt::format("| `{}` | {} | {} | {} |", name, f.type, labels.empty() ? "–" : labels, f.help);
}

/// Rows of the document by metric name. A row is a line that starts with "| `quorate_" or "| `genlayer_".
std::map<std::string, std::string> rows_of(std::string_view document) {
  std::map<std::string, std::string> out;
  while (const auto line = next_line(document)) {
    if (!line->starts_with("| `quorate_") && !line->starts_with("| `genlayer_")) continue;
    const auto close = line->find('`', 3);
    if (close != std::string_view::npos) out.emplace(line->substr(3, close - 3), *line);
  }
  return out;
}

}  // namespace

std::string docs_table(std::string_view exposition) {
  std::string out = "| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const auto& [name, f] : parse(exposition)) out += row(name, f) + '\n';
  return out;
}

std::vector<std::string> docs_differences(std::string_view exposition, std::string_view document) {
  std::vector<std::string> out;
  auto documented = rows_of(document);
  for (const auto& [name, f] : parse(exposition)) {
    const auto found = documented.find(name);
    if (found == documented.end()) {
      out.push_back(fmt::format("{} is live but not documented; its row: {}", name, row(name, f)));
      continue;
    }
    if (found->second != row(name, f))
      out.push_back(fmt::format("{} is documented as\n  {}\nbut is\n  {}", name, found->second, row(name, f)));
    documented.erase(found);
  }
  for (const auto& [name, line] : documented) out.push_back(fmt::format("{} is documented but not live", name));
  return out;
}

}  // namespace quorate::actors::metrics
