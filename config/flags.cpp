// SPDX-License-Identifier: MIT
#include "config/flags.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "config/option.hpp"

namespace quorate::config {
namespace {

/// Without its full stop, as the library's own texts are; a colon or a point inside a word ends nothing.
std::string first_sentence(std::string_view help) {
  const auto end = help.find(". ");
  if (end != std::string_view::npos) help = help.substr(0, end);
  if (help.ends_with('.')) help.remove_suffix(1);
  return std::string(help);
}

}  // namespace

void add_flags(CLI::App& command, command_line& into) {
  command
      .add_option_function<std::string>(
          "--config", [&into](const std::string& path) { into.file = path; }, "Configuration file (TOML)")
      ->type_name("FILE");
  for (const auto& o : table()) {
    if (o.flag.empty()) continue;
    command
        .add_option_function<std::string>(
            std::string(o.flag),
            [&into, &o](const std::string& text) {
              into.settings.insert_or_assign(std::string(o.key), flag_value{std::string(o.flag), text});
            },
            first_sentence(o.help))
        ->type_name(o.kind == kind::whole ? "NUMBER" : "TEXT")
        ->default_str(std::string(o.fallback));
  }
  command
      .add_option_function<std::vector<std::string>>(
          "--set",
          [&into](const std::vector<std::string>& pairs) {
            for (const auto& pair : pairs) {
              const auto split = pair.find('=');
              if (split == std::string::npos)
                throw CLI::ValidationError("--set", pair + " is not of the form key=value");
              into.settings.insert_or_assign(pair.substr(0, split), flag_value{"--set", pair.substr(split + 1)});
            }
          },
          "Any option of `quorate config`; can be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
}

}  // namespace quorate::config
