// SPDX-License-Identifier: MIT
#include "actors/metrics_docs.hpp"

#include <map>

#include <fmt/format.h>

namespace quorate::actors::metrics {

namespace {

std::string row(const registry::description& d) {
  std::string labels;
  for (const auto& name : d.label_names) labels += fmt::format("{}`{}`", labels.empty() ? "" : ", ", name);
  return fmt::format("| `{}` | {} | {} | {} |", d.name, d.type, labels.empty() ? "–" : labels, d.help);
}

/// Rows of the page by metric name. A row is a line that starts with "| `quorate_" or "| `genlayer_".
std::map<std::string, std::string> rows_of(std::string_view page) {
  std::map<std::string, std::string> out;
  while (!page.empty()) {
    const auto end = page.find('\n');
    const auto line = page.substr(0, end);
    page.remove_prefix(end == std::string_view::npos ? page.size() : end + 1);
    if (!line.starts_with("| `quorate_") && !line.starts_with("| `genlayer_")) continue;
    const auto close = line.find('`', 3);
    if (close != std::string_view::npos) out.emplace(line.substr(3, close - 3), line);
  }
  return out;
}

}  // namespace

std::string docs_table(const registry& live) {
  std::string out = "| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const auto& d : live.describe()) out += row(d) + '\n';
  return out;
}

std::vector<std::string> docs_differences(const registry& live, std::string_view page) {
  std::vector<std::string> out;
  auto documented = rows_of(page);
  for (const auto& d : live.describe()) {
    const auto found = documented.find(d.name);
    if (found == documented.end()) {
      out.push_back(fmt::format("{} is live but not documented; its row: {}", d.name, row(d)));
      continue;
    }
    if (found->second != row(d))
      out.push_back(fmt::format("{} is documented as\n  {}\nbut is\n  {}", d.name, found->second, row(d)));
    documented.erase(found);
  }
  for (const auto& [name, line] : documented) out.push_back(fmt::format("{} is documented but not live", name));
  return out;
}

}  // namespace quorate::actors::metrics
