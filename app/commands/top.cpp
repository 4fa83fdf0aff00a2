// SPDX-License-Identifier: MIT
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "app/commands/commands.hpp"
#include "app/commands/node_client.hpp"
#include "app/commands/terminal.hpp"

namespace quorate::app {

namespace {

using steady = std::chrono::steady_clock;

constexpr const char* hidden = "The node shows pool and actors to holders of its admin key only (rpc.admin_api_key).\n";

/// Counters of the previous turn, to show rates.
struct previous {
  steady::time_point at;
  double calls = 0, bytes_out = 0, transactions = 0, acquired = 0;
};

double number(const chain::json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_number() ? object[key].get<double>() : 0;
}

std::string bar(double value, double full, int width) {
  const int filled = full <= 0 ? 0 : std::clamp(static_cast<int>(value / full * width + 0.5), 0, width);
  return std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(width - filled), '.');
}

previous counters_of(const node_report& r) {
  return {steady::now(), r.sum("quorate_rpc_calls_total"), r.sum("quorate_http_response_bytes_total"),
          r.sum("quorate_transactions_processed_total"), r.sum("quorate_pool_acquire_total")};
}

std::string actor_table(const chain::json& actors, std::size_t width) {
  if (!actors.is_array()) return std::string{hidden};
  auto out = fmt::format("{:<20}{:>8}{:>12}{:>9}{:>10}{:>10}  {}\n", "ACTOR", "running", "processed", "mailbox",
                         "max ms", "restarts", "last error");
  for (const auto& a : actors) {
    const auto text = [&](const char* key) {
      return a.contains(key) && a[key].is_string() ? a[key].get<std::string>() : "";
    };
    auto line = fmt::format("{:<20}{:>8.0f}{:>12.0f}{:>9.0f}{:>10.1f}{:>10.0f}  {}", text("name"), number(a, "running"),
                            number(a, "processed"), number(a, "mailbox"), number(a, "max_seconds") * 1000,
                            number(a, "restarts"), text("last_error"));
    out += line.substr(0, width) + "\n";
  }
  return out;
}

std::string pool_lines(const chain::json& pool) {
  const double allowed = number(pool, "max_allowed"), out_now = number(pool, "checked_out");
  auto text = fmt::format("POOL    [{}] {:.0f} of {:.0f} leased, peak {:.0f}", bar(out_now, allowed, 30), out_now,
                          allowed, number(pool, "peak"));
  for (const char* state : {"paused", "draining"})
    if (pool.contains(state) && pool[state] == true) text += fmt::format("  {}", state);
  text +=
      fmt::format("\n        open {:.0f}  idle {:.0f}  connecting {:.0f}  breaker {}\n", number(pool, "total"),
                  number(pool, "idle"), number(pool, "connecting"),
                  pool.contains("breaker") && pool["breaker"].is_string() ? pool["breaker"].get<std::string>() : "-");
  return text;
}

/// What waits, and where.
std::string queue_line(const node_report& r, const chain::json& pool) {
  auto text = fmt::format("QUEUES  pool {:.0f}", number(pool, "waiting"));
  if (pool.contains("waiting_by_class")) {
    const auto& by = pool["waiting_by_class"];
    text += fmt::format(" (request {:.0f}, consensus {:.0f}, background {:.0f})", number(by, "request"),
                        number(by, "consensus"), number(by, "background"));
  }
  return text + fmt::format("   reads {:.0f}   contracts in work {:.0f}\n", r.sum("quorate_read_gateway_waiting"),
                            r.sum("quorate_contract_queues"));
}

std::string frame(const node_report& r, const previous& now, const std::optional<previous>& before, int width) {
  const auto rate = [&](double previous::*field) {
    if (!before) return 0.0;
    const double seconds = std::chrono::duration<double>(now.at - before->at).count();
    return seconds > 0 ? (now.*field - (*before).*field) / seconds : 0.0;
  };
  auto text =
      fmt::format("quorate top - {}/api  {}  {:%H:%M:%S} UTC   (q quits)\n\n", url_of(r.where.host, r.where.port),
                  r.ready ? "ready" : "NOT READY", fmt::gmtime(std::chrono::system_clock::now()));
  if (r.pool.is_object() && r.pool.contains("pool")) {
    const auto& pool = r.pool["pool"];
    text += pool_lines(pool) + queue_line(r, pool);
  }
  text += fmt::format("RATES   calls {:.0f}/s   leases {:.0f}/s   transactions {:.1f}/s   out {:.1f} kB/s\n",
                      rate(&previous::calls), rate(&previous::acquired), rate(&previous::transactions),
                      rate(&previous::bytes_out) / 1000);
  text += fmt::format("HTTP    connections {:.0f}   calls in flight {:.0f}   refused {:.0f}\n\n",
                      r.sum("quorate_http_connections"), r.sum("quorate_calls_in_flight"),
                      r.sum("quorate_http_refused_total"));
  return text + actor_table(r.actors, static_cast<std::size_t>(width));
}

}  // namespace

int top_command(const config::values& settings, const top_options& options) {
  const auto node = find_node(settings);
  if (!node) return report_failure(node.error());
  std::optional<error> ended;
  {
    terminal screen;
    std::optional<previous> before;
    for (int turn = 1;; ++turn) {
      const auto report = ask_node(*node, settings.text("rpc.admin_api_key"));
      if (!report) {
        ended = report.error();
        break;
      }
      const auto now = counters_of(*report);
      screen.draw(frame(*report, now, before, screen.width()));
      before = now;
      if (options.turns > 0 && turn >= options.turns) break;
      if (screen.quit_pressed(std::chrono::milliseconds{static_cast<int>(options.interval_s * 1000)})) break;
    }
  }
  return ended ? report_failure(*ended) : 0;
}

}  // namespace quorate::app
