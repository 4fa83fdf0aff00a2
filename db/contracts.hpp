// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "chain/u256.hpp"
#include "db/rows.hpp"
#include "db/transaction.hpp"

/// Contracts as runs see them (docs/spec/database.md §2.3).
namespace quorate::db::contracts {

struct contract_row {
  /// JSON text of `data`, with the state; empty for an account that is no contract.
  std::string data{};
  chain::integer balance = 0;  // wei
  bool operator==(const contract_row&) const = default;
};

/// One account, EIP-55; empty when there is no such row.
result<std::optional<contract_row>> read(transaction& tx, std::string_view address);

/// What a call has to know before its contract runs, of one moment.
struct call_ground {
  std::optional<validator_row> validator{};  // the oldest; empty: there is none
  std::optional<contract_row> contract{};    // empty: there is no such row
};
/// One statement: it may run with access::single_statement.
result<call_ground> read_ground(transaction& tx, std::string_view address);

/// Transactions to the account that are PENDING.
result<std::int64_t> pending(transaction& tx, std::string_view address);

}  // namespace quorate::db::contracts
