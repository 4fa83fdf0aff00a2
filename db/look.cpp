// SPDX-License-Identifier: MIT
#include "db/look.hpp"

#include <pqxx/pqxx>

namespace quorate::db {

result<sight> look(const connect_settings& settings, std::chrono::milliseconds timeout) {
  const auto connector = make_pg_connector(settings);
  if (!connector) return tl::unexpected{connector.error()};
  auto session = (*connector)->open(timeout);
  if (!session) return tl::unexpected{session.error()};
  sight seen;
  const auto looked = (*session)->run({access::read_only, timeout, {}}, [&seen](transaction& tx) -> status {
    const auto row = tx.native().exec(R"sql(
      SELECT split_part(version(), ' on ', 1),
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
        current_user,
        pg_is_in_recovery() OR (SELECT reset_val = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only'),
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
        has_database_privilege(current_database(), 'CREATE'),
        coalesce((SELECT bool_and(has_table_privilege(oid, p)) FROM pg_class,
            unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
          WHERE oid IN (to_regclass('transactions'), to_regclass('current_state'))), true))sql")[0];
    seen.server = row[0].as<std::string>();
    seen.connections_allowed = row[1].as<long>();
    seen.connections_used = row[2].as<long>();
    seen.user = row[3].as<std::string>();
    seen.read_only = row[4].as<bool>();
    seen.may_create_tables = row[5].as<bool>();
    seen.may_create_schemas = row[6].as<bool>();
    seen.may_write_rows = row[7].as<bool>();
    auto state = schema::inspect(tx);
    if (!state) return tl::unexpected{state.error()};
    seen.schema = std::move(*state);
    return {};
  });
  if (!looked.value) return tl::unexpected{looked.value.error()};
  return seen;
}

}  // namespace quorate::db
