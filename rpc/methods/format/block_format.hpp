// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/rows.hpp"
#include "rpc/methods/format/transaction_format.hpp"

/// Pseudo blocks: one per second, holding the transactions whose appeal window began in it (docs/spec/json-rpc.md §8.3,
/// §8.4).
namespace quorate::rpc::methods {

/// Hash of a pseudo block: 24 bytes of Keccak over the number, then the number itself, so that a hash alone leads back
/// to its block (upstream's hashes are all zeros, decisions.md Q34).
std::string block_hash(std::uint64_t number);
/// The number inside such a hash; empty for any other hash.
std::optional<std::uint64_t> number_of_block_hash(std::string_view hash);

/// The block of that number with its transactions, oldest first: as objects, or their hashes alone.
std::string format_block(std::uint64_t number, const std::vector<db::transaction_row>& rows, std::uint64_t chain_id);
std::string format_block(std::uint64_t number, const std::vector<std::string>& hashes);
/// The head of the block of that number, as newHeads notifies of it: the block without its transactions.
std::string format_head(std::uint64_t number);
/// The block that a receipt names: the transaction's hash is its block's hash. Again with the object or the hash.
std::string format_own_block(const db::transaction_row& row, const format_context& context);
std::string format_own_block(const std::string& hash);

}  // namespace quorate::rpc::methods
