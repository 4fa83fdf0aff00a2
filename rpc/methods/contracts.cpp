// SPDX-License-Identifier: MIT
#include "chain/base64.hpp"
#include "chain/contract_slots.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/first_param.hpp"
#include "rpc/methods/run_replies.hpp"
#include "rpc/methods/schema.hpp"

/// Reads of contracts (docs/spec/json-rpc.md §7.4).
namespace quorate::rpc::methods {

namespace {

param contract_param() {
  return {.name = "contract_address", .type = param_type::address, .help = "20 bytes in hex, any letter case."};
}

result<json_text> code_of(const call& c, const db::read_value& value) {
  const auto* slot = std::get_if<std::string>(&value);
  if (!slot) return no_contract(c.params[0].get_ref<const std::string&>());
  const auto stored = chain::from_base64(*slot);
  const auto source = stored ? chain::code_in_slot(*stored) : std::nullopt;
  if (!source) return fail(errc::invalid_params, "Contract not deployed");
  return '"' + chain::to_base64(*source) + '"';
}

}  // namespace

void add_contracts(method_table& table, const services&) {
  table.add({.name = "gen_getContractCode",
             .summary = "Source of the contract in its accepted state, base64.",
             .params = {contract_param()},
             .result_schema = schema::text("base64"),
             .handler = keyed_read{db::read_kind::contract_code, first_param, code_of}});

  table.add({.name = "gen_getContractNonce",
             .summary = "How many transactions were sent to the address.",
             .params = {contract_param()},
             .result_schema = schema::integer(),
             .handler = keyed_read{db::read_kind::target_nonce, first_param,
                                   [](const call&, const db::read_value& value) -> result<json_text> {
                                     const auto* count = std::get_if<std::uint64_t>(&value);
                                     return std::to_string(count ? *count : 0);
                                   }}});
}

}  // namespace quorate::rpc::methods
