// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "db/rows.hpp"
#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/format/transaction_parts.hpp"

/// The transaction object in its three formats (docs/spec/json-rpc.md §9). Every format tolerates missing parts, shows
/// no private key, and keeps every digit of every number.
namespace quorate::rpc::methods {

/// Where a transaction stands among the pseudo blocks, for the standard Ethereum members.
struct placement {
  std::string block_hash;
  std::uint64_t block_number = 0;
  std::uint64_t index = 0;
};

/// What an answer depends on besides the row.
struct format_context {
  std::int64_t now = 0;  // unix seconds
  std::uint64_t chain_id = 0;
  bool include_contract_state = false;  // keep contract_state in the leader's receipts
};

/// Format C: the base fields.
json_object base_fields(const db::transaction_row& row, const transaction_parts& parts);
std::string format_c(const db::transaction_row& row);
/// Format B; not `full` leaves out the big columns.
std::string format_b(const db::transaction_row& row, bool full);
/// Format A, with those standard Ethereum members whose names Studio does not use for something else.
std::string format_a(const db::transaction_row& row, const format_context& context);
json_object format_a_fields(const db::transaction_row& row, const transaction_parts& parts,
                            const format_context& context);

/// Adds blockHash, blockNumber, transactionIndex, from, to, gas, gasPrice, input and chainId.
void add_ethereum_fields(json_object& object, const db::transaction_row& row, const transaction_parts& parts,
                         const placement& where, std::uint64_t chain_id);
/// Inside a block the standard members win where names collide (`nonce`, `value`, `type`, `data`, `r`, `s`, `v`),
/// because viem and ethers refuse the whole block otherwise (decisions.md Q34).
std::string in_block(json_object object, const db::transaction_row& row, const transaction_parts& parts,
                     const placement& where, std::uint64_t chain_id);

/// 6 MAJORITY_AGREE, 7 MAJORITY_DISAGREE, 3 TIMEOUT, 5 NO_MAJORITY (docs/spec/json-rpc.md §9.2 `result`).
int consensus_result(const db::transaction_row& row, const transaction_parts& parts);
std::string_view consensus_result_name(int result);
json_object last_round(const db::transaction_row& row, const transaction_parts& parts, int result);
/// keccak(address ‖ uint8 vote ‖ uint256 number) behind 0x; a text that is no address counts as the zero address.
std::string vote_hash(std::string_view address, int vote, std::uint64_t number);

/// `fees` (docs/spec/json-rpc.md §9.4): JSON text, "null" without fee accounting.
std::string fees(const json& data);

/// Hex without 0x of RLP [code?, calldata, 0x00]; empty when there is neither.
std::string tx_data(const json& data);
/// 0x and RLP of [[[kind, 0x00], pending, [], ""], eq].
std::string eq_blocks_outputs(const transaction_parts& parts);
/// keccak over the leader and the vote of its second receipt; empty without one.
std::string tx_execution_hash(const transaction_parts& parts);
/// JSON text of the messages the leader's run emitted.
std::string messages(const transaction_parts& parts);

}  // namespace quorate::rpc::methods
