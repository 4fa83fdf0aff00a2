// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chain/u256.hpp"
#include "db/transaction.hpp"

/// Accounts and contracts share `current_state` (docs/spec/database.md §2.2). Addresses are EIP-55 already; amounts are
/// wei ≥ 0. Money moves by relative, conditional updates only (defects B6, B7, B13).
namespace quorate::db::accounts {

/// Inserts (address, {}, 0) unless present.
status ensure(transaction& tx, std::string_view address);
/// Wei; empty when there is no row.
result<std::optional<chain::integer>> balance(transaction& tx, std::string_view address);
/// Adds, creating the row first. False: the balance would outgrow its column (78 digits), nothing changed.
result<bool> credit(transaction& tx, std::string_view address, const chain::integer& amount);
/// Subtracts where balance ≥ amount. False: not enough, nothing changed.
result<bool> debit(transaction& tx, std::string_view address, const chain::integer& amount);

}  // namespace quorate::db::accounts
