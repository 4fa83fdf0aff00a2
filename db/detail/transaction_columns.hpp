// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "db/detail/statement.hpp"
#include "db/rows.hpp"

/// The select list behind every transaction_row, and its reader. The table is called `t` in every statement.
namespace quorate::db::detail {

/// Every column and the children's hashes.
const std::string& all_columns();
/// The same number of columns, without children and without JSON except how a finalized run ended, in `consensus_data`:
/// nothing is read from TOAST that a receipt does not show.
const std::string& small_columns();

transaction_row read_transaction(const pqxx::row& row);
std::vector<transaction_row> read_transactions(const pqxx::result& rows);

}  // namespace quorate::db::detail
