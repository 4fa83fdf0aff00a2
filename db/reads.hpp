// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "db/rows.hpp"
#include "db/transaction.hpp"

/// Single-row reads by key, many keys at once: what the read gateway sends as one `= ANY($1)` (docs/design.md §2).
namespace quorate::db {

enum class read_kind : std::uint8_t {
  balance,        // EIP-55 address → chain::integer; absent row → monostate
  sender_nonce,   // EIP-55 address → count of rows with that from_address
  target_nonce,   // EIP-55 address → count of rows with that to_address
  transaction,    // hash → transaction_row, every column
  receipt,        // hash → transaction_row with the small columns only (no JSON but how a finalized run ended)
  contract_code,  // EIP-55 address → code slot of the accepted state, base64; state without code → empty string
};
inline constexpr std::size_t read_kinds = 6;

/// A value of that kind can be megabytes; every other one is a few hundred bytes.
constexpr bool is_large(read_kind kind) { return kind == read_kind::transaction || kind == read_kind::contract_code; }

using read_value =
    std::variant<std::monostate, chain::integer, std::uint64_t, std::string, std::shared_ptr<const transaction_row>>;

/// Unique keys of one kind, as stored (EIP-55, lowercase hash).
using read_keys = std::map<read_kind, std::vector<std::string>>;
using read_results = std::map<read_kind, std::unordered_map<std::string, read_value>>;

/// One statement per kind present. A key without a row is simply not in the result (counts are then 0).
/// With one kind only this is a single statement and may run with access::single_statement.
result<read_results> read_many(transaction& tx, const read_keys& keys);

}  // namespace quorate::db
