// SPDX-License-Identifier: MIT
#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

// What every receipt reports as used (docs/spec/json-rpc.md §8.2).
constexpr std::string_view gas = "0x7a1200";

std::string quantity(std::int64_t value) { return chain::to_hex_quantity(chain::integer{value}); }

}  // namespace

void add_ethereum_fields(json_object& object, const db::transaction_row& row, const transaction_parts& parts,
                         const placement& where, std::uint64_t chain_id) {
  object.text("blockHash", where.block_hash).text("blockNumber", chain::to_hex_quantity(where.block_number));
  object.text("transactionIndex", chain::to_hex_quantity(where.index));
  // ethers takes no null sender; the faucet's and an upgrade's is the zero address.
  object.text("from", row.from_address.value_or(zero_address)).text("to", row.to_address);
  object.text("gas", gas).text("gasPrice", "0x0").text("input", "0x" + tx_data(parts.data));
  object.text("chainId", chain::to_hex_quantity(chain_id));
}

std::string in_block(json_object object, const db::transaction_row& row, const transaction_parts& parts,
                     const placement& where, std::uint64_t chain_id) {
  add_ethereum_fields(object, row, parts, where, chain_id);
  object.text("nonce", quantity(row.nonce.value_or(0)));
  object.text("value", chain::to_hex_quantity(row.value.value_or(0))).text("type", "0x0");
  object.text("data", "0x" + tx_data(parts.data));
  // A legacy signature of nobody: the row does not keep the real one.
  object.text("v", "0x1b").text("r", "0x0").text("s", "0x0");
  return object.str();
}

}  // namespace quorate::rpc::methods
