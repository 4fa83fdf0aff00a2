// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>

#include "app/commands/commands.hpp"
#include "app/commands/node_client.hpp"

namespace quorate::app {

namespace {

chain::json to_json(const node_report& report) {
  chain::json out{{"host", report.where.host},
                  {"port", report.where.port},
                  {"ready", report.ready},
                  {"pool", report.pool},
                  {"actors", report.actors}};
  chain::json database{
      {"embedded", nullptr}, {"socket_dir", nullptr}, {"port", nullptr}, {"user", nullptr}, {"name", nullptr}};
  if (const auto& node = report.where.record) {
    out["pid"] = node->pid;
    out["version"] = node->version;
    database["embedded"] = node->embedded;
    if (node->embedded)
      database.update(chain::json{{"socket_dir", node->socket_dir},
                                  {"port", node->database_port},
                                  {"user", node->user},
                                  {"name", node->database}});
  }
  out["database"] = std::move(database);
  return out;
}

std::string text_of(const chain::json& value) {
  return value.is_string() ? value.get<std::string>() : chain::dump_json(value);
}

void print_text(const node_report& report) {
  fmt::print("Quorate at http://{}:{}/api is {}\n", report.where.host, report.where.port,
             report.ready ? "ready" : "not ready");
  if (const auto& node = report.where.record) {
    fmt::print("  process   pid {}, version {}\n", node->pid, node->version);
    if (node->embedded)
      fmt::print("  database  embedded; psql -h {} -p {} -U {} {}\n", node->socket_dir, node->database_port, node->user,
                 node->database);
    else
      fmt::print("  database  external (database.url)\n");
  }
  if (report.pool.is_object() && report.pool.contains("pool")) {
    fmt::print("  pool     ");
    for (const auto& [key, value] : report.pool["pool"].items())
      if (!value.is_structured()) fmt::print(" {}={}", key, text_of(value));
    fmt::print("\n");
  }
  if (!report.actors.is_object() || !report.actors.contains("actors")) return;
  for (const auto& actor : report.actors["actors"]) {
    fmt::print("  actor    ");
    for (const auto& [key, value] : actor.items())
      if (!value.is_structured()) fmt::print(" {}={}", key, text_of(value));
    fmt::print("\n");
  }
}

}  // namespace

int status_command(const config::values& settings, bool json) {
  const auto node = find_node(settings);
  if (!node) return report_failure(node.error());
  const auto report = ask_node(*node, settings.text("rpc.admin_api_key"));
  if (!report) return report_failure(report.error());
  if (json)
    fmt::print("{}\n", to_json(*report).dump(2));
  else
    print_text(*report);
  return report->ready ? 0 : 1;
}

}  // namespace quorate::app
