// SPDX-License-Identifier: MIT
#include "db/validators.hpp"

#include <utility>

#include "db/detail/statement.hpp"
#include "db/detail/validator_columns.hpp"

namespace quorate::db::validators {

namespace {

const std::string columns = detail::validator_columns;
const std::string select_from = "SELECT " + columns + " FROM validators";
const detail::statement select_all{"validators_all", select_from + " ORDER BY id"};
// The column is not unique in the database; the oldest row speaks for the address.
const detail::statement select_one{"validator_by_address", select_from + " WHERE address = $1 ORDER BY id LIMIT 1"};
const detail::statement select_some{"validators_by_ids", select_from + " WHERE id = ANY($1::bigint[]) ORDER BY id"};
const detail::statement count_all{"validators_count", "SELECT count(*) FROM validators"};

// One array per column, so that a key is never part of a text that PostgreSQL would quote in an error.
const detail::statement insert_all{"validators_create", R"sql(
  WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
      WITH ORDINALITY AS g(address, private_key, stake, provider, model, plugin, config, plugin_config, place)),
  accounts AS (
    INSERT INTO current_state (id, data, balance) SELECT DISTINCT address, '{}'::jsonb, 0 FROM given
    ORDER BY address ON CONFLICT (id) DO NOTHING),
  created AS (
    INSERT INTO validators (address, private_key, stake, provider, model, plugin, config, plugin_config)
    SELECT address, private_key, stake, provider, model, plugin, config::jsonb, plugin_config::jsonb FROM given
    ORDER BY place RETURNING *)
  SELECT )sql" + columns + ", pg_notify('quorate_events', 'validator created ' || id) FROM created ORDER BY id"};

const detail::statement change_one{"validator_update", R"sql(
  WITH oldest AS (SELECT id FROM validators WHERE address = $1 ORDER BY id LIMIT 1 FOR UPDATE),
  changed AS (
    UPDATE validators v
    SET stake = $2, provider = $3, model = $4, plugin = $5, config = $6::jsonb, plugin_config = $7::jsonb
    FROM oldest WHERE v.id = oldest.id RETURNING v.*)
  SELECT )sql" + columns + ", pg_notify('quorate_events', 'validator updated ' || id) FROM changed"};

const detail::statement delete_one{"validator_delete", R"sql(
  WITH gone AS (DELETE FROM validators WHERE address = $1 RETURNING address)
  SELECT pg_notify('quorate_events', 'validator deleted ' || address) FROM (SELECT DISTINCT address FROM gone) AS g)sql"};

const detail::statement delete_all{"validators_clear", R"sql(
  WITH gone AS (DELETE FROM validators) SELECT pg_notify('quorate_events', 'validators deleted'))sql"};

std::vector<validator_row> read_all(const pqxx::result& rows) {
  std::vector<validator_row> found;
  for (const auto& row : rows) found.push_back(detail::validator_of(row));
  return found;
}

std::optional<validator_row> read_first(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return detail::validator_of(rows[0]);
}

/// One column of the rows to come, as an array literal.
template <class Column>
std::string column_of(const std::vector<new_validator>& rows, Column column) {
  std::vector<std::string> values;
  values.reserve(rows.size());
  for (const auto& one : rows) values.push_back(column(one));
  return detail::text_array(values);
}

}  // namespace

result<std::vector<validator_row>> all(transaction& tx) { return read_all(execute(tx, select_all)); }

result<std::optional<validator_row>> by_address(transaction& tx, std::string_view address) {
  return read_first(execute(tx, select_one, address));
}

result<std::vector<validator_row>> by_ids(transaction& tx, const std::vector<std::int64_t>& ids) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const auto id : ids) texts.push_back(std::to_string(id));
  return read_all(execute(tx, select_some, detail::text_array(texts)));
}

result<std::int64_t> count(transaction& tx) { return detail::integer<std::int64_t>(execute(tx, count_all)[0][0]); }

result<std::vector<validator_row>> create(transaction& tx, const std::vector<new_validator>& wanted) {
  const auto column = [&](auto of) { return column_of(wanted, of); };
  auto created = read_all(execute(
      tx, insert_all, column([](const auto& v) { return v.address; }),
      column([](const auto& v) { return v.private_key; }),
      column([](const auto& v) { return std::to_string(v.stake); }),
      column([](const auto& v) { return v.model.provider; }), column([](const auto& v) { return v.model.model; }),
      column([](const auto& v) { return v.model.plugin; }), column([](const auto& v) { return v.model.config; }),
      column([](const auto& v) { return v.model.plugin_config; })));
  return created;
}

result<std::optional<validator_row>> update(transaction& tx, std::string_view address, std::int64_t stake,
                                            const llm_provider& model) {
  return read_first(execute(tx, change_one, address, stake, model.provider, model.model, model.plugin, model.config,
                            model.plugin_config));
}

result<bool> remove(transaction& tx, std::string_view address) { return !execute(tx, delete_one, address).empty(); }

status remove_all(transaction& tx) {
  execute(tx, delete_all);
  return {};
}

}  // namespace quorate::db::validators
