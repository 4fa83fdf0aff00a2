// SPDX-License-Identifier: MIT
#include "app/commands/node_client.hpp"

#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

#include "config/load.hpp"
#include "net/http_client.hpp"

namespace quorate::app {

namespace {

constexpr std::chrono::milliseconds patience{3000};

/// Fractions as doubles instead of the exact tokens that the parser keeps: this is for eyes and scripts.
chain::json with_doubles(chain::json value) {
  if (const auto token = chain::token_of(value); !token.empty())
    return std::strtod(std::string{token}.c_str(), nullptr);
  if (value.is_structured())
    for (auto& inner : value) inner = with_doubles(std::move(inner));
  return value;
}

result<chain::json> call(const node_address& node, const std::string& method, const std::string& admin_key) {
  chain::json request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", chain::json::object()}};
  if (!admin_key.empty()) request["params"]["admin_key"] = admin_key;
  const auto answer = net::http_post_json(node.host, static_cast<std::uint16_t>(node.port), "/api",
                                          chain::dump_json(request), patience);
  if (!answer) return tl::unexpected{answer.error()};
  auto reply = chain::parse_json(answer->body);
  if (!reply || !reply->is_object())
    return fail(errc::application, "the answer is not JSON-RPC: is this port Quorate's?");
  if (!reply->contains("result")) return chain::json{};
  return with_doubles(std::move(reply->at("result")));
}

std::vector<std::pair<std::string, double>> parse_metrics(const std::string& text) {
  std::vector<std::pair<std::string, double>> out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    const auto line = text.substr(at, end - at);
    at = end + 1;
    const auto space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    out.emplace_back(line.substr(0, space), std::strtod(line.c_str() + space + 1, nullptr));
  }
  return out;
}

}  // namespace

result<node_address> find_node(const config::values& settings) {
  const bool asked = settings.at("server.port").from != config::source::fallback;
  const auto port = static_cast<int>(settings.whole("server.port"));
  const auto path = config::data_directory(settings, config::process_environment(), ::geteuid() == 0);
  const auto nodes = data_directory::nodes_in(path);
  for (const auto& node : nodes)
    if (node.port == port) return node_address{node.host, node.port, node};
  if (!asked && nodes.size() == 1) return node_address{nodes[0].host, nodes[0].port, nodes[0]};
  const auto& host = settings.text("server.host");
  const auto at = fmt::format("{}:{}", host, port);
  const auto named = call({host, port, {}}, "web3_clientVersion", {});
  if (named && named->is_string() && named->get<std::string>().starts_with("Quorate/"))
    return node_address{host, port, {}};
  // Studio's own backend answers on the same port by default, and knows most of the same methods.
  if (net::http_get(host, static_cast<std::uint16_t>(port), "/ping", patience))
    return fail(errc::conflict, "what answers at " + at + " is not Quorate; stop it, or name another --port");
  return fail(errc::not_found, "no Quorate runs at " + at +
                                   "; start one with `quorate serve`, or name another with --host, --port or "
                                   "--data-dir");
}

result<node_report> ask_node(const node_address& node, const std::string& admin_key) {
  node_report report{node, false, {}, {}, {}};
  const auto port = static_cast<std::uint16_t>(node.port);
  const auto ready = net::http_get(node.host, port, "/ready", patience);
  if (!ready) return tl::unexpected{ready.error()};
  report.ready = ready->status == 200;
  const auto metrics = net::http_get(node.host, port, "/metrics", patience);
  if (!metrics) return tl::unexpected{metrics.error()};
  report.metrics = parse_metrics(metrics->body);
  auto pool = call(node, "dev_getPoolStatus", admin_key);
  if (!pool) return tl::unexpected{pool.error()};
  report.pool = std::move(*pool);
  auto actors = call(node, "dev_getActors", admin_key);
  if (!actors) return tl::unexpected{actors.error()};
  report.actors = std::move(*actors);
  return report;
}

double node_report::metric(const std::string& sample) const {
  for (const auto& [name, value] : metrics)
    if (name == sample) return value;
  return 0;
}

double node_report::sum(const std::string& name) const {
  double total = 0;
  for (const auto& [sample, value] : metrics)
    if (sample == name || sample.starts_with(name + "{")) total += value;
  return total;
}

}  // namespace quorate::app
