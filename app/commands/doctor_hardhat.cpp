// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "actors/web3/json_rpc.hpp"
#include "app/commands/findings.hpp"
#include "app/embedded/hardhat.hpp"
#include "app/settings.hpp"
#include "chain/hex.hpp"
#include "net/http_client.hpp"

namespace quorate::app {

namespace {

using actors::web3::reply;

result<reply> ask_hardhat(const net::node_address& node, const std::string& method, const chain::json& params) {
  const auto answer = net::http_post_json(node.host, node.port, node.path,
                                          actors::web3::request_text(1, method, params), std::chrono::seconds{3});
  if (!answer) return tl::unexpected{answer.error()};
  auto said = actors::web3::read_reply(answer->body, 1);
  if (!said)
    return fail(errc::application, fmt::format("what answers at {}:{} does not speak JSON-RPC", node.host, node.port));
  if (said->refusal) return fail(errc::application, method + ": " + *said->refusal);
  return std::move(*said);
}

findings check_embedded_hardhat(const config::values& v) {
  const auto directory = find_hardhat(v.text("hardhat.directory"));
  if (!directory) return {bad("hardhat: " + directory.error().message, "set hardhat.directory")};
  if (const auto able = check_node_programs(); !able)
    return {bad("hardhat: " + able.error().message, "apt-get install nodejs npm")};
  return {good("hardhat: embedded, starts from " + directory->string())};
}

}  // namespace

findings check_hardhat(const config::values& v) {
  if (!forwards(v)) return {good("hardhat: none, nothing is forwarded")};
  const auto settings = web3_settings_of(v);
  if (!settings) return {bad("hardhat: " + settings.error().message, "correct the option")};
  if (embeds_node(v)) return check_embedded_hardhat(v);
  const auto node = node_address_of(v);
  if (!node) return {bad("hardhat: " + node.error().message, "correct the option")};
  const auto chain = ask_hardhat(*node, "eth_chainId", chain::json::array());
  if (!chain)
    return {bad("hardhat: " + chain.error().message,
                "start the node (./dev hardhat), or correct hardhat.url; until it answers, records wait")};
  const auto contract = chain::to_hex_0x(settings->contract);
  const auto code = ask_hardhat(*node, "eth_getCode", chain::json::array({contract, "latest"}));
  if (!code || code->result == "0x")
    return {bad(fmt::format("hardhat: the node at {}:{} has no contract at {}", node->host, node->port, contract),
                "deploy ConsensusMain (hardhat/scripts/deploy.js), or name its address in hardhat.contract")};
  return {good(fmt::format("hardhat: the node at {}:{} answers and has ConsensusMain (chain {})", node->host,
                           node->port, actors::web3::read_quantity(chain->result).value_or(0)))};
}

}  // namespace quorate::app
