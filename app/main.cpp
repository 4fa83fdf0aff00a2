// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <functional>

#include "app/commands/commands.hpp"
#include "config/flags.hpp"
#include "config/generate.hpp"

namespace {

using namespace quorate;

constexpr int wrong_use = 2;

using runner = std::function<int(const config::command_line&, const config::values&)>;

/// A subcommand that takes the option table's flags and runs with the settings loaded from all sources.
CLI::App* add(CLI::App& app, const std::string& name, const std::string& summary, int& code, runner run) {
  auto* command = app.add_subcommand(name, summary);
  auto flags = std::make_shared<config::command_line>();
  config::add_flags(*command, *flags);
  command->callback([flags, run = std::move(run), &code] {
    const auto settings = config::load(*flags);
    code = settings ? run(*flags, *settings) : (app::report_failure(settings.error()), wrong_use);
  });
  return command;
}

/// What was wrong with the words, naming the one that was.
std::string complaint(const CLI::App& app, const CLI::ParseError& e, const std::string& first) {
  if (app.get_subcommands().empty() && (first.empty() || first.front() == '-'))
    return "a command is required: serve, migrate, config, status, top or doctor";
  if (app.get_subcommands().empty()) return fmt::format("there is no command '{}'", first);
  if (e.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) return e.what();
  const auto extras = app.remaining(true);
  for (const auto& word : extras)
    if (word.starts_with('-')) return fmt::format("there is no option '{}'", word);
  return extras.empty() ? std::string{e.what()} : fmt::format("'{}' is one word too many", extras.front());
}

int complain(const CLI::App& app, const CLI::ParseError& e, const std::string& first) {
  if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(e);
  const auto chosen = app.get_subcommands();
  fmt::print(stderr, "quorate: {}\n  `quorate {}--help` lists what there is.\n", complaint(app, e, first),
             chosen.empty() ? "" : chosen.front()->get_name() + " ");
  return wrong_use;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Quorate: the backend of GenLayer Studio. `quorate serve` is all it takes.", "quorate"};
  app.set_version_flag("--version", QUORATE_VERSION);
  app.require_subcommand(1);
  app.footer([] { return config::help_text(); });
  int code = 0;
  bool json = false;
  app::migrate_options migrate;
  app::top_options top;

  add(app, "serve", "Answer JSON-RPC until Ctrl-C", code, app::serve_command);
  auto* m = add(app, "migrate", "Create the schema, or show what is there", code,
                [&](const auto&, const auto& v) { return app::migrate_command(v, migrate); });
  m->add_flag("--upgrade", migrate.upgrade, "Move a Studio database of August 2025 forward to today's schema");
  auto* c = add(app, "config", "Print every setting, its value and where it came from", code,
                [&](const auto&, const auto& v) { return app::config_command(v, json); });
  c->add_flag("--json", json, "As JSON");
  auto* s = add(app, "status", "What the running node is doing", code,
                [&](const auto&, const auto& v) { return app::status_command(v, json); });
  s->add_flag("--json", json, "As JSON");
  auto* t =
      add(app, "top", "The same, live", code, [&](const auto&, const auto& v) { return app::top_command(v, top); });
  t->add_option("--interval", top.interval_s, "Seconds between two looks")
      ->check(CLI::Range(0.1, 60.0, "SECONDS from 0.1 to 60"))
      ->capture_default_str();
  t->add_option("--turns", top.turns, "End after so many looks (0: until q)")
      ->check(CLI::Range(0, 1'000'000, "NUMBER from 0 to 1000000"));
  add(app, "doctor", "Check this machine and these settings, and say how to mend what is wrong", code,
      [](const auto&, const auto& v) { return app::doctor_command(v); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return complain(app, e, argc > 1 ? argv[1] : "");
  }
  return code;
}
