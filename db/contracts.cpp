// SPDX-License-Identifier: MIT
#include "db/contracts.hpp"

#include "db/detail/statement.hpp"
#include "db/detail/validator_columns.hpp"

namespace quorate::db::contracts {

namespace {

// The seed wrote "{}" for accounts without code.
const std::string select_contract =
    "SELECT CASE WHEN jsonb_typeof(data) = 'object' AND data <> '{}' THEN data::text ELSE '' END, balance::text "
    "FROM current_state WHERE id = $1";
const detail::statement read_row{"contract_read", select_contract};

const detail::statement read_both{
    "contract_call_ground", std::string{"SELECT v.*, c.* FROM (VALUES (true)) AS always (row) LEFT JOIN (SELECT "} +
                                detail::validator_columns + " FROM validators ORDER BY id LIMIT 1) AS v ON true " +
                                "LEFT JOIN (" + select_contract + ") AS c ON true"};

const detail::statement count_pending{"contract_pending",
                                      "SELECT count(*) FROM transactions WHERE to_address = $1 AND status = 'PENDING'"};

/// From its columns on.
contract_row contract_of(const pqxx::row& row, int first) {
  return {std::string{detail::text(row[first])}, detail::big_integer(row[first + 1])};
}

}  // namespace

result<std::int64_t> pending(transaction& tx, std::string_view address) {
  return detail::integer<std::int64_t>(execute(tx, count_pending, address)[0][0]);
}

result<std::optional<contract_row>> read(transaction& tx, std::string_view address) {
  const auto rows = execute(tx, read_row, address);
  if (rows.empty()) return std::optional<contract_row>{};
  return contract_of(rows[0], 0);
}

result<call_ground> read_ground(transaction& tx, std::string_view address) {
  const auto row = execute(tx, read_both, address)[0];
  call_ground out;
  if (!row[0].is_null()) out.validator = detail::validator_of(row);
  if (constexpr int data = detail::validator_column_count; !row[data].is_null()) out.contract = contract_of(row, data);
  return out;
}

}  // namespace quorate::db::contracts
