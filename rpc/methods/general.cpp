// SPDX-License-Identifier: MIT
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// Methods whose answer does not depend on the database (docs/spec/json-rpc.md §7.1, §8.1).
namespace quorate::rpc::methods {

namespace {

struct constant {
  std::string name, summary;
  std::vector<param> params;
  json result_schema;
  json_text text;
};

param ignored(std::string name, std::string help, bool required = false) {
  return {.name = std::move(name), .type = param_type::any, .required = required, .help = std::move(help)};
}

void add(method_table& table, constant entry) {
  table.add({.name = entry.name,
             .summary = std::move(entry.summary),
             .params = std::move(entry.params),
             .result_schema = std::move(entry.result_schema),
             .handler = immediate{[text = std::move(entry.text)](const call&) -> result<json_text> { return text; }},
             .ignore_extra_params = true});
}

std::string quantity_text(std::uint64_t value) { return '"' + chain::to_hex_quantity(value) + '"'; }

json fee_history_schema() {
  return schema::object({{"baseFeePerGas", schema::array_of(schema::quantity())},
                         {"gasUsedRatio", schema::array_of({{"type", "number"}})},
                         {"oldestBlock", schema::quantity()}});
}

}  // namespace

void add_general(method_table& table, const services& with) {
  add(table, {"ping", "Answers OK: the server is up and parses JSON-RPC.", {}, schema::text(), R"("OK")"});
  add(table, {"eth_chainId", "Chain id of this Studio.", {}, schema::quantity(), quantity_text(with.chain_id)});
  add(table,
      {"net_version", "Chain id as decimal text.", {}, schema::text(), '"' + std::to_string(with.chain_id) + '"'});
  add(table, {"net_listening", "Always true.", {}, schema::boolean(), "true"});
  add(table, {"web3_clientVersion",
              "Name and version of the server.",
              {},
              schema::text(),
              "\"Quorate/v" + with.version + '"'});
  add(table,
      {"eth_accounts", "The server holds no accounts: an empty list.", {}, schema::array_of(schema::address()), "[]"});
  add(table, {"eth_syncing", "Always false: there is nothing to catch up with.", {}, schema::boolean(), "false"});
  add(table, {"eth_gasPrice", "Gas costs nothing.", {}, schema::quantity(), R"("0x0")"});
  add(table, {"eth_maxPriorityFeePerGas", "Gas costs nothing.", {}, schema::quantity(), R"("0x0")"});
  add(table, {"eth_estimateGas",
              "A constant that every wallet accepts.",
              {ignored("transaction", "Not looked at.", true)},
              schema::quantity(),
              R"("0x7a120")"});
  add(table, {"eth_feeHistory",
              "A constant: gas costs nothing.",
              {ignored("block_count", "Not looked at.", true), ignored("newest_block", "Not looked at."),
               ignored("reward_percentiles", "Not looked at.")},
              fee_history_schema(),
              R"({"baseFeePerGas":["0x0","0x0"],"gasUsedRatio":[0.0],"oldestBlock":"0x0"})"});
  add(table, {"eth_getLogs",
              "Events live in receipts; there is no log index.",
              {ignored("filter", "Not looked at.", true)},
              schema::array_of(schema::object(json::object())),
              "[]"});
  add(table, {"eth_getCode",
              "Contracts are no EVM code; gen_getContractCode has their source.",
              {ignored("address", "Not looked at.", true), ignored("block", "Not looked at.")},
              schema::hex(),
              R"("0x")"});
}

}  // namespace quorate::rpc::methods
