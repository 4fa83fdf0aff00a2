// SPDX-License-Identifier: MIT
#include "app/commands/findings.hpp"
#include "app/embedded/child.hpp"
#include "app/embedded/engine.hpp"
#include "app/settings.hpp"

namespace quorate::app {

namespace {

/// The last line of what a program printed.
std::string last_line_of(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const auto start = text.rfind('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

}  // namespace

findings check_engine(const config::values& v) {
  if (!runs_contracts(v)) return {good("engine: none, contracts are not run")};
  if (!embeds_engine(v)) {
    const auto address = engine::host::parse_manager_address(v.text("engine.manager_url"));
    if (!address) return {bad("engine.manager_url: " + address.error().message, "correct the option")};
    return {good("engine: the manager at " + v.text("engine.manager_url"))};
  }
  const auto program = find_engine(v.text("engine.program"));
  if (!program)
    return {bad("engine: " + program.error().message, "set engine.program, or install quorate-engine beside quorate")};
  std::vector<std::string> words{program->string(), "--probe"};
  if (v.boolean("engine.allow_without_seccomp")) words.emplace_back("--allow-without-seccomp");
  const auto said = run_child(words, {});
  if (!said) {
    return {bad("engine: " + last_line_of(said.error().detail),
                "run where seccomp is available, or set engine.allow_without_seccomp")};
  }
  return {good("engine: embedded; contracts are confined by " + last_line_of(*said))};
}

}  // namespace quorate::app
