// SPDX-License-Identifier: MIT
#include "db/providers.hpp"

#include "chain/json.hpp"
#include "db/detail/statement.hpp"

namespace quorate::db::providers {

namespace {

const detail::statement select_all{"providers_all",
                                   "SELECT id, provider, model, plugin, config::text, plugin_config::text, is_default "
                                   "FROM llm_provider ORDER BY id"};
const detail::statement insert_one{
    "provider_add",
    "INSERT INTO llm_provider (provider, model, plugin, config, plugin_config, is_default) "
    "VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, false) RETURNING id"};
const detail::statement update_one{"provider_update", R"sql(
  UPDATE llm_provider SET
    provider = $2, model = $3, plugin = $4, config = $5::jsonb, plugin_config = $6::jsonb, updated_at = now(),
    is_default = is_default
      AND (provider, model, plugin, config, plugin_config) IS NOT DISTINCT FROM
          ($2::varchar, $3::varchar, $4::varchar, $5::jsonb, $6::jsonb)
  WHERE id = $1::bigint)sql"};
const detail::statement delete_one{"provider_delete", "DELETE FROM llm_provider WHERE id = $1::bigint"};
const detail::statement delete_all{"providers_clear", "DELETE FROM llm_provider"};

// "QPro" in ASCII; whoever waits for it sees afterwards what the other has written.
const detail::statement lock{"providers_lock", "SELECT pg_advisory_xact_lock(x'5150726f'::bigint)"};

// $1: a JSON array of objects with the five members.
const std::string shipped = R"sql(
  WITH shipped AS (
    SELECT s.*, row_number() OVER () AS place
    FROM jsonb_to_recordset($1::jsonb)
      AS s(provider text, model text, plugin text, config jsonb, plugin_config jsonb)))sql";
const detail::statement drop_unshipped{"providers_drop", shipped + R"sql(
  DELETE FROM llm_provider p WHERE p.is_default AND NOT EXISTS (
    SELECT 1 FROM shipped s WHERE (s.provider, s.model, s.plugin) = (p.provider, p.model, p.plugin)))sql"};
const detail::statement refresh{"providers_refresh", shipped + R"sql(
  UPDATE llm_provider p SET config = s.config, plugin_config = s.plugin_config, updated_at = now()
  FROM shipped s
  WHERE p.is_default AND (s.provider, s.model, s.plugin) = (p.provider, p.model, p.plugin)
    AND (s.config, s.plugin_config) IS DISTINCT FROM (p.config, p.plugin_config))sql"};
// Asks first, so that no number of the sequence is spent on rows that are there.
const detail::statement insert_new{"providers_insert", shipped + R"sql(
  INSERT INTO llm_provider (provider, model, plugin, config, plugin_config, is_default)
  SELECT s.provider, s.model, s.plugin, s.config, s.plugin_config, true FROM shipped s
  WHERE NOT EXISTS (
    SELECT 1 FROM llm_provider p WHERE (s.provider, s.model, s.plugin) = (p.provider, p.model, p.plugin))
  ORDER BY s.place
  ON CONFLICT (provider, model, plugin) DO NOTHING)sql"};

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":");
  chain::append_quoted(out, value);
}

std::string to_json(const std::vector<llm_provider>& all_of) {
  std::string out{'['};
  for (const auto& one : all_of) {
    out += out.size() == 1 ? "{" : ",{";
    out.append(R"("config":)").append(one.config).append(R"(,"plugin_config":)").append(one.plugin_config);
    append_member(out, "provider", one.provider);
    append_member(out, "model", one.model);
    append_member(out, "plugin", one.plugin);
    out += '}';
  }
  return out += ']';
}

llm_provider_row read(const pqxx::row& row) {
  return {.id = detail::integer<std::int64_t>(row[0]),
          .what = {.provider = std::string{detail::text(row[1])},
                   .model = std::string{detail::text(row[2])},
                   .plugin = std::string{detail::text(row[3])},
                   .config = std::string{detail::text(row[4])},
                   .plugin_config = std::string{detail::text(row[5])}},
          .is_default = detail::boolean(row[6])};
}

}  // namespace

result<std::vector<llm_provider_row>> all(transaction& tx) {
  std::vector<llm_provider_row> found;
  for (const auto& row : execute(tx, select_all)) found.push_back(read(row));
  return found;
}

result<std::int64_t> add(transaction& tx, const llm_provider& what) {
  const auto rows = execute(tx, insert_one, what.provider, what.model, what.plugin, what.config, what.plugin_config);
  return detail::integer<std::int64_t>(rows[0][0]);
}

result<bool> update(transaction& tx, std::int64_t id, const llm_provider& what) {
  return execute(tx, update_one, id, what.provider, what.model, what.plugin, what.config, what.plugin_config)
             .affected_rows() == 1;
}

result<bool> remove(transaction& tx, std::int64_t id) { return execute(tx, delete_one, id).affected_rows() == 1; }

status reset(transaction& tx, const std::vector<llm_provider>& defaults) {
  execute(tx, lock);
  execute(tx, delete_all);
  execute(tx, insert_new, to_json(defaults));
  return {};
}

status sync(transaction& tx, const std::vector<llm_provider>& defaults) {
  const auto shipped_now = to_json(defaults);
  execute(tx, lock);
  execute(tx, drop_unshipped, shipped_now);
  execute(tx, refresh, shipped_now);
  execute(tx, insert_new, shipped_now);
  return {};
}

}  // namespace quorate::db::providers
