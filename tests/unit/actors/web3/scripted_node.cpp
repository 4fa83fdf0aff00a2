// SPDX-License-Identifier: MIT
#include "tests/unit/actors/web3/scripted_node.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "chain/consensus_main.hpp"
#include "chain/signed_transaction.hpp"
#include "chain/u256.hpp"

namespace quorate::actors::web3::tests {

namespace {

using chain::json;

/// What a node says when it does not do as asked.
struct refusal {
  std::string words;
};

chain::signed_transaction decode(const std::string& raw) {
  return chain::decode_signed_transaction(chain::from_hex(raw).value()).value();
}

/// The id that is appended to a call.
std::string id_in(const chain::bytes& data) {
  if (data.size() < 64) throw std::logic_error{"a call without an id"};
  return chain::to_hex_0x(chain::bytes_view{data}.subspan(data.size() - 64, 32));
}

}  // namespace

std::string scripted_node::answer(const std::string& request) {
  const json call = chain::parse_json(request).value();
  if (call.is_object()) return chain::dump_json(answer_one(call));
  ++batches;
  if (!takes_batches) return R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}})";
  json out = json::array();
  for (auto one = call.rbegin(); one != call.rend(); ++one) out.push_back(answer_one(*one));
  return chain::dump_json(out);
}

json scripted_node::answer_one(const json& call) {
  const auto method = call.at("method").get<std::string>();
  ++calls[method];
  json out{{"jsonrpc", "2.0"}, {"id", call.at("id")}};
  try {
    out["result"] = result_of(method, call.at("params"));
  } catch (const refusal& why) {
    out["error"] = {{"code", -32000}, {"message", why.words}};
  }
  return out;
}

json scripted_node::result_of(const std::string& method, const json& params) {
  if (method == "eth_chainId") return chain::to_hex_quantity(chain_id);
  if (method == "eth_getCode") return has_contract ? "0x60" : "0x";
  if (method == "eth_getTransactionCount") return chain::to_hex_quantity(params.at(1) == "latest" ? used : next());
  if (method == "eth_sendRawTransaction") return send(params.at(0).get<std::string>());
  if (method == "eth_getTransactionReceipt") {
    const auto found = receipts_.find(params.at(0).get<std::string>());
    if (found == receipts_.end()) return nullptr;
    const auto& of = found->second;
    json logs = json::array();
    const std::string word = "0x" + std::string(64, '0');
    if (of.succeeded && emits)
      logs.push_back({{"topics", {chain::to_hex_0x(chain::new_transaction_topic()), of.id, word, word}}});
    return {{"transactionHash", found->first},
            {"status", of.succeeded ? "0x1" : "0x0"},
            {"blockNumber", chain::to_hex_quantity(of.block)},
            {"logs", logs}};
  }
  if (method == "eth_getLogs") {
    const auto id = params.at(0).at("topics").at(1).get<std::string>();
    return recorded(id) > 0 ? json::array({{{"blockNumber", "0x1"}}}) : json::array();
  }
  throw refusal{"no method " + method};
}

json scripted_node::send(const std::string& raw) {
  if (!refuses.empty()) throw refusal{refuses};
  const auto read = decode(raw);
  const auto nonce = static_cast<std::uint64_t>(read.fields.nonce);
  if (*read.fields.chain_id != chain_id) throw refusal{"wrong chain"};
  if (nonce < used) throw refusal{"nonce too low"};
  if (pool_.contains(nonce)) throw refusal{"already known"};
  if (nonce > next() && !keeps_gaps) throw refusal{"nonce too high"};
  if (std::exchange(holds_next, false)) held_.insert(raw);
  if (held_.contains(raw)) throw refusal{"transaction already imported"};
  pool_[nonce] = raw;
  if (automine) mine();
  return chain::to_hex_0x(read.hash);
}

std::uint64_t scripted_node::next() const {
  auto at = used;
  while (pool_.contains(at)) ++at;
  return at;
}

void scripted_node::mine() {
  pool_.erase(pool_.begin(), pool_.lower_bound(used));
  while (pool_.contains(used)) {
    const auto raw = pool_.extract(used).mapped();
    ++used;
    include(raw);
  }
}

void scripted_node::include(const std::string& raw) {
  const auto read = decode(raw);
  const auto id = id_in(read.fields.data);
  const bool succeeded = !knows_ids || recorded(id) == 0;
  receipts_[chain::to_hex_0x(read.hash)] = {++height_, succeeded, id};
  if (succeeded) events.push_back(id);
}

void scripted_node::restart() {
  pool_.clear();
  held_.clear();
  receipts_.clear();
  events.clear();
  used = height_ = 0;
}

std::size_t scripted_node::recorded(const std::string& id) const {
  return static_cast<std::size_t>(std::count(events.begin(), events.end(), id));
}

}  // namespace quorate::actors::web3::tests
