// SPDX-License-Identifier: MIT
#pragma once

#include "db/detail/statement.hpp"
#include "db/detail/timestamp.hpp"
#include "db/rows.hpp"

/// What is read of a validator, wherever it is read.
namespace quorate::db::detail {

/// Never the private key (docs/spec/decisions.md Q15).
inline constexpr const char* validator_columns =
    "id, address, stake, provider, model, plugin, config::text, plugin_config::text, created_at";
inline constexpr int validator_column_count = 9;

/// From the first columns of a row.
inline validator_row validator_of(const pqxx::row& row) {
  validator_row result;
  result.id = integer<std::int64_t>(row[0]);
  result.address = optional_text(row[1]);
  result.stake = integer<std::int64_t>(row[2]);
  result.provider = text(row[3]);
  result.model = text(row[4]);
  result.plugin = text(row[5]);
  result.config = text(row[6]);
  result.plugin_config = text(row[7]);
  if (!row[8].is_null()) result.created_at = iso_timestamp(text(row[8]));
  return result;
}

}  // namespace quorate::db::detail
