// SPDX-License-Identifier: MIT
#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

const std::string zero_word = "0x" + std::string(64, '0');

std::string_view queue_type(db::tx_status status) {
  switch (status) {
    case db::tx_status::pending:
    case db::tx_status::activated: return "1";
    case db::tx_status::accepted: return "2";
    case db::tx_status::undetermined: return "3";
    default: return "0";
  }
}

/// Leader of the first round; empty when no round has one.
std::string activator(const transaction_parts& parts) {
  const auto rounds = parts.rounds();
  return rounds.empty() ? "" : receipt_address(element(member(rounds[0], "leader_result"), 0));
}

/// The contract's state is megabytes that hardly anybody reads.
json without_contract_state(json consensus_data) {
  if (!consensus_data.is_object()) return consensus_data;
  const auto receipts = consensus_data.find("leader_receipt");
  if (receipts == consensus_data.end()) return consensus_data;
  if (receipts->is_object()) receipts->erase("contract_state");
  if (receipts->is_array())
    for (auto& receipt : *receipts)
      if (receipt.is_object()) receipt.erase("contract_state");
  return consensus_data;
}

}  // namespace

json_object format_a_fields(const db::transaction_row& row, const transaction_parts& parts,
                            const format_context& context) {
  const int result = consensus_result(row, parts);
  const auto rounds = parts.rounds().size();
  auto out = base_fields(row, parts);
  if (!context.include_contract_state) {
    auto trimmed = without_contract_state(parts.consensus_data);
    chain::make_json_safe(trimmed);
    out.value("consensus_data", trimmed);
  }
  out.number("result", result);
  out.text("last_vote_timestamp", std::to_string(row.last_vote_timestamp.value_or(0)));
  out.text("current_timestamp", std::to_string(context.now));
  out.text("sender", row.from_address).text("recipient", row.to_address).text("tx_slot", "0");
  out.text("created_timestamp", std::to_string(row.created_unix)).text("random_seed", zero_word);
  out.text("tx_id", row.hash);
  out.raw("read_state_block_range", R"({"activation_block":"0","processing_block":"0","proposal_block":"0"})");
  out.text("activator", activator(parts)).text("last_leader", receipt_address(parts.leader_receipt(0)));
  out.text("result_name", consensus_result_name(result));
  out.text("tx_data", tx_data(parts.data)).text("tx_execution_hash", tx_execution_hash(parts));
  out.text("eq_blocks_outputs", eq_blocks_outputs(parts)).raw("messages", messages(parts));
  out.text("queue_type", queue_type(row.status)).text("queue_position", "0");
  out.text("num_of_rounds", std::to_string(rounds));
  out.raw("last_round", last_round(row, parts, result).str());
  return out;
}

std::string format_a(const db::transaction_row& row, const format_context& context) {
  const transaction_parts parts{row};
  auto out = format_a_fields(row, parts, context);
  // The block of its own that eth_getBlockByHash and the receipt know it by (docs/spec/json-rpc.md §8.2, §8.4).
  add_ethereum_fields(out, row, parts, {.block_hash = row.hash}, context.chain_id);
  return out.str();
}

}  // namespace quorate::rpc::methods
