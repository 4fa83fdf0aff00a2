// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>

#include "chain/utf8.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// eth_subscribe and eth_unsubscribe, as Ethereum's nodes have them over a WebSocket.
namespace quorate::rpc::methods {

namespace {

/// Each place holds what is accepted there; empty: anything.
using alternatives = std::vector<std::string>;

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

/// A string or an array of strings; null or nothing is anything.
std::optional<alternatives> read_alternatives(const json& value) {
  if (value.is_null()) return alternatives{};
  if (value.is_string()) return alternatives{in_lower_case(value.get<std::string>())};
  if (!value.is_array()) return std::nullopt;
  alternatives out;
  for (const auto& one : value) {
    if (!one.is_string()) return std::nullopt;
    out.push_back(in_lower_case(one.get<std::string>()));
  }
  return out;
}

bool accepts(const alternatives& wanted, const std::string& have) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), have) != wanted.end();
}

tl::unexpected<error> bad_filter(const char* member) {
  return fail(errc::invalid_params, std::string{"Invalid parameter options: "} + member);
}

result<actors::log_filter> read_filter(const json& options) {
  if (options.is_null()) return actors::log_filter{};
  if (!options.is_object()) return bad_filter("an object is expected");
  const auto addresses = read_alternatives(options.value("address", json{}));
  if (!addresses) return bad_filter("address must be a string or an array of strings");
  const auto list = options.value("topics", json{});
  if (!list.is_null() && !list.is_array()) return bad_filter("topics must be an array");
  std::vector<alternatives> topics;
  for (const auto& one : list) {
    auto place = read_alternatives(one);
    if (!place) return bad_filter("a topic must be null, a string or an array of strings");
    topics.push_back(std::move(*place));
  }
  return [addresses = *addresses, topics](const actors::log_keys& log) {
    if (!accepts(addresses, log.address) || log.topics.size() < topics.size()) return false;
    return std::equal(topics.begin(), topics.end(), log.topics.begin(), accepts);
  };
}

tl::unexpected<error> needs_socket(const char* method) {
  return fail(errc::method_not_found, std::string{method} + " needs a WebSocket: connect to /ws");
}

result<json_text> subscribe(const call& c) {
  if (!c.who.socket) return needs_socket("eth_subscribe");
  const auto& name = c.params[0].get_ref<const std::string&>();
  const auto& options = c.params[1];
  const auto quoted = [](const std::string& id) { return '"' + id + '"'; };
  if (name == "newHeads") return c.who.socket->subscribe(actors::feed::heads, {}).map(quoted);
  if (name == "newPendingTransactions") {
    if (options == true) return fail(errc::invalid_params, "Invalid parameter options: only hashes are told");
    return c.who.socket->subscribe(actors::feed::pending, {}).map(quoted);
  }
  if (name != "logs") return fail(errc::invalid_params, "No such subscription: " + chain::excerpt(name));
  auto filter = read_filter(options);
  if (!filter) return tl::unexpected{std::move(filter.error())};
  return c.who.socket->subscribe(actors::feed::logs, std::move(*filter)).map(quoted);
}

}  // namespace

void add_subscriptions(method_table& table, const services&) {
  table.add(
      {.name = "eth_subscribe",
       .summary = "Over a WebSocket: notifications `eth_subscription` of that kind from now on; returns the name of "
                  "the subscription.",
       .params = {{.name = "kind", .type = param_type::string, .help = "newHeads, logs or newPendingTransactions."},
                  {.name = "options",
                   .type = param_type::any,
                   .required = false,
                   .help = "Of logs: `address` and `topics`, as eth_getLogs takes them."}},
       .result_schema = schema::quantity(),
       .handler = immediate{subscribe},
       .ignore_extra_params = true});
  table.add({.name = "eth_unsubscribe",
             .summary = "Ends a subscription of this WebSocket; false when it has none of that name.",
             .params = {{.name = "subscription", .type = param_type::string, .help = "What eth_subscribe returned."}},
             .result_schema = schema::boolean(),
             .handler = immediate{[](const call& c) -> result<json_text> {
               if (!c.who.socket) return needs_socket("eth_unsubscribe");
               return c.who.socket->unsubscribe(c.params[0].get<std::string>()) ? "true" : "false";
             }},
             .ignore_extra_params = true});
}

}  // namespace quorate::rpc::methods
