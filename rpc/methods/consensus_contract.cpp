// SPDX-License-Identifier: MIT
#include "chain/consensus_main.hpp"
#include "chain/utf8.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// sim_getConsensusContract: what clients encode their transactions with (docs/spec/json-rpc.md §7.2, consensus.md
/// §11).
namespace quorate::rpc::methods {

void add_consensus_contract(method_table& table, const services& with) {
  const auto describe = [address = with.submissions.consensus_main](const call& c) -> result<json_text> {
    const auto& name = c.params[0].get_ref<const std::string&>();
    if (name != "ConsensusMain")
      return fail(errc::not_found, "Contract " + chain::excerpt(name) + " not found", data_of("contract_name", name));
    return R"({"address":)" + chain::dump_json(json(address)) + R"(,"abi":)" + chain::consensus_main_abi() +
           R"(,"bytecode":null})";
  };
  table.add({.name = "sim_getConsensusContract",
             .summary = "Address and ABI of a consensus contract.",
             .params = {{.name = "contract_name", .type = param_type::string, .help = "ConsensusMain."}},
             .result_schema = schema::object({{"address", schema::address()},
                                              {"abi", schema::array_of(json::object())},
                                              {"bytecode", schema::nullable(schema::text())}}),
             .handler = immediate{describe}});
}

}  // namespace quorate::rpc::methods
