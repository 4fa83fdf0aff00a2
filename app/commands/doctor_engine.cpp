// SPDX-License-Identifier: MIT
#include <sstream>

#include "app/commands/findings.hpp"
#include "app/embedded/child.hpp"
#include "app/embedded/engine.hpp"
#include "app/settings.hpp"

namespace quorate::app {

namespace {

/// The lines of what a program printed, but the empty ones.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(line);
  }
  return out;
}

std::string last_line_of(const std::string& text) {
  const auto lines = lines_of(text);
  return lines.empty() ? "" : lines.back();
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
  if (const auto driver = v.text("engine.webdriver_url"); !driver.empty())
    words.insert(words.end(), {"--webdriver", driver});
  const auto said = run_child(words, {});
  if (!said) {
    return {bad("engine: " + last_line_of(said.error().detail),
                "run where seccomp is available, or set engine.allow_without_seccomp")};
  }
  findings out{good("engine: embedded; contracts are confined by " + last_line_of(*said))};
  for (const auto& line : lines_of(*said)) {
    if (line.starts_with("web pages ")) out.push_back(good("engine: " + line));
  }
  return out;
}

}  // namespace quorate::app
