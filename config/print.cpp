// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "chain/redact.hpp"
#include "config/generate.hpp"
#include "config/text.hpp"

namespace quorate::config {
namespace {

std::string source_name(const chosen& c) {
  switch (c.from) {
    case source::fallback: return "default";
    case source::file: return c.origin;
    case source::environment: return fmt::format("${}", c.origin);
    case source::flag: return c.origin;
  }
  return {};
}

/// A URL keeps everything but its password; any other secret that is set is three stars.
setting shown(const option& o, const setting& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || text->empty()) return value;
  if (o.secret && o.kind != kind::url) return std::string(redacted);
  return redact(*text);
}

}  // namespace

std::string print(const values& of) {
  std::string out;
  for (const auto& o : table()) {
    const auto& c = of.at(o.key);
    const auto assignment = fmt::format("{} = {}", o.key, to_toml(o, shown(o, c.value)));
    out += fmt::format("{:<60}  # {}\n", assignment, source_name(c));
  }
  return out;
}

std::string print_json(const values& of) {
  static constexpr std::string_view sources[] = {"default", "file", "environment", "flag"};
  std::string out = "{";
  for (const auto& o : table()) {
    const auto& c = of.at(o.key);
    out += fmt::format("{}\n  {}: {{\"value\": {}, \"source\": \"{}\", \"origin\": {}}}", out.size() == 1 ? "" : ",",
                       toml_string(o.key), to_toml(o, shown(o, c.value)), sources[static_cast<std::size_t>(c.from)],
                       toml_string(c.origin));
  }
  return out + "\n}\n";
}

}  // namespace quorate::config
