// SPDX-License-Identifier: MIT
#include "db/admin.hpp"
#include "db/detail/statement.hpp"
#include "db/detail/timestamp.hpp"

namespace quorate::db::validators {

namespace {

// Never the private key (docs/spec/decisions.md Q15).
const std::string columns =
    "SELECT id, address, stake, provider, model, plugin, config::text, plugin_config::text, created_at FROM validators";
const detail::statement select_all{"validators_all", columns + " ORDER BY id"};
// The column is not unique in the database; the oldest row speaks for the address.
const detail::statement select_one{"validator_by_address", columns + " WHERE address = $1 ORDER BY id LIMIT 1"};
const detail::statement count_all{"validators_count", "SELECT count(*) FROM validators"};

validator_row read(const pqxx::row& row) {
  validator_row result;
  result.id = detail::integer<std::int64_t>(row[0]);
  result.address = detail::optional_text(row[1]);
  result.stake = detail::integer<std::int64_t>(row[2]);
  result.provider = detail::text(row[3]);
  result.model = detail::text(row[4]);
  result.plugin = detail::text(row[5]);
  result.config = detail::text(row[6]);
  result.plugin_config = detail::text(row[7]);
  if (!row[8].is_null()) result.created_at = detail::iso_timestamp(detail::text(row[8]));
  return result;
}

}  // namespace

result<std::vector<validator_row>> all(transaction& tx) {
  std::vector<validator_row> found;
  for (const auto& row : execute(tx, select_all)) found.push_back(read(row));
  return found;
}

result<std::optional<validator_row>> by_address(transaction& tx, std::string_view address) {
  const auto rows = execute(tx, select_one, address);
  if (rows.empty()) return std::optional<validator_row>{};
  return read(rows[0]);
}

result<std::int64_t> count(transaction& tx) { return detail::integer<std::int64_t>(execute(tx, count_all)[0][0]); }

}  // namespace quorate::db::validators
