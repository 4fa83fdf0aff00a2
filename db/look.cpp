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
    const auto row = tx.native().exec(
        "SELECT split_part(version(), ' on ', 1), current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int,"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')")[0];
    seen.server = row[0].as<std::string>();
    seen.connections_allowed = row[1].as<long>();
    seen.connections_used = row[2].as<long>();
    auto state = schema::inspect(tx);
    if (!state) return tl::unexpected{state.error()};
    seen.schema = std::move(*state);
    return {};
  });
  if (!looked.value) return tl::unexpected{looked.value.error()};
  return seen;
}

}  // namespace quorate::db
