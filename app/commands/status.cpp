// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>

#include "app/commands/commands.hpp"
#include "app/commands/node_client.hpp"

namespace quorate::app {

namespace {

chain::json to_json(const node_report& report) {
  const auto count = [&](const char* name) { return static_cast<std::int64_t>(report.sum(name)); };
  chain::json out{{"host", report.where.host},
                  {"port", report.where.port},
                  {"ready", report.ready},
                  {"pool", report.pool},
                  {"queues",
                   {{"reads", count("quorate_read_gateway_waiting")},
                    {"contracts_in_work", count("quorate_contract_queues")},
                    {"calls_in_flight", count("quorate_calls_in_flight")}}},
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

/// `key=value` for everything that is no list or object.
std::string fields(const chain::json& object) {
  std::string out;
  for (const auto& [key, value] : object.items())
    if (!value.is_structured() && value != "") out += fmt::format(" {}={}", key, text_of(value));
  return out;
}

void print_text(const node_report& report) {
  fmt::print("Quorate at {}/api is {}\n", url_of(report.where.host, report.where.port),
             report.ready ? "ready" : "not ready");
  if (const auto& node = report.where.record) {
    fmt::print("  process   pid {}, version {}\n", node->pid, node->version);
    if (node->embedded)
      fmt::print("  database  embedded; psql -h {} -p {} -U {} {}\n", node->socket_dir, node->database_port, node->user,
                 node->database);
    else
      fmt::print("  database  external (database.url)\n");
  }
  if (report.pool.is_object() && report.pool.contains("pool"))
    fmt::print("  pool     {}\n", fields(report.pool["pool"]));
  fmt::print("  queues    reads={:.0f} contracts_in_work={:.0f} calls_in_flight={:.0f}\n",
             report.sum("quorate_read_gateway_waiting"), report.sum("quorate_contract_queues"),
             report.sum("quorate_calls_in_flight"));
  if (!report.actors.is_array()) {
    fmt::print("  actors    shown to holders of the admin key only (rpc.admin_api_key)\n");
    return;
  }
  for (const auto& actor : report.actors) {
    auto rest = actor;
    rest.erase("name");
    fmt::print("  actor     {:<16}{}\n", text_of(actor.value("name", chain::json{""})), fields(rest));
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
