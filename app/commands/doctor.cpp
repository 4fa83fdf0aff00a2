// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "app/commands/commands.hpp"
#include "app/commands/findings.hpp"
#include "app/embedded/postgres.hpp"
#include "chain/redact.hpp"

namespace quorate::app {

namespace {

const char* mark(const finding& f) {
  switch (f.grade) {
    case finding::grade::good: return "ok  ";
    case finding::grade::warning: return "warn";
    case finding::grade::bad: break;
  }
  return "FAIL";
}

int print(const findings& all) {
  int failures = 0;
  for (const auto& f : all) {
    fmt::print("{}  {}\n", mark(f), redact(f.what));
    if (!f.remedy.empty()) fmt::print("      -> {}\n", f.remedy);
    failures += f.grade == finding::grade::bad ? 1 : 0;
  }
  fmt::print("{}\n", failures == 0 ? "Quorate can run here."
                                   : fmt::format("{} thing{} to mend.", failures, failures == 1 ? "" : "s"));
  return failures == 0 ? 0 : 1;
}

}  // namespace

int doctor_command(const config::values& settings) {
  const auto found = find_node(settings);
  const auto node = found ? std::optional{*found} : std::nullopt;
  findings all;
  const auto add = [&](findings more) { all.insert(all.end(), more.begin(), more.end()); };
  add(check_service(settings, node));
  add(check_pool(settings));
  std::string conninfo = settings.text("database.url");
  if (conninfo.empty()) {
    add(check_embedded(settings, config::data_directory(settings, config::process_environment(), ::geteuid() == 0),
                       node));
    if (node && node->record && node->record->embedded)
      conninfo = embedded_postgres::conninfo(node->record->socket_dir);
    else
      all.push_back(good("database: embedded, starts with `quorate serve`"));
  }
  if (!conninfo.empty()) add(check_database(settings, conninfo, node));
  add(check_hardhat(settings));
  add(check_engine(settings));
  return print(all);
}

}  // namespace quorate::app
