// SPDX-License-Identifier: MIT
#include "db/contracts.hpp"

#include "db/detail/statement.hpp"

namespace quorate::db::contracts {

namespace {

// The seed wrote "{}" for accounts without code.
const detail::statement read_row{
    "contract_read",
    "SELECT CASE WHEN jsonb_typeof(data) = 'object' AND data <> '{}' THEN data::text ELSE '' END, balance::text "
    "FROM current_state WHERE id = $1"};

const detail::statement count_pending{"contract_pending",
                                      "SELECT count(*) FROM transactions WHERE to_address = $1 AND status = 'PENDING'"};

}  // namespace

result<std::int64_t> pending(transaction& tx, std::string_view address) {
  return detail::integer<std::int64_t>(execute(tx, count_pending, address)[0][0]);
}

result<std::optional<contract_row>> read(transaction& tx, std::string_view address) {
  const auto rows = execute(tx, read_row, address);
  if (rows.empty()) return std::optional<contract_row>{};
  return contract_row{std::string{detail::text(rows[0][0])}, detail::big_integer(rows[0][1])};
}

}  // namespace quorate::db::contracts
