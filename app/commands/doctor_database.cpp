// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "app/commands/findings.hpp"
#include "app/settings.hpp"
#include "chain/redact.hpp"
#include "db/look.hpp"

namespace quorate::app {

namespace {

finding check_schema(const db::schema::state& state) {
  using db::schema::content;
  switch (state.holds) {
    case content::head: return good("schema: Studio's, revision " + state.revision);
    case content::empty: return good("schema: none yet; `quorate serve` and `quorate migrate` create it");
    case content::seed:
      return bad("schema: Studio's of August 2025 (" + state.revision + ")",
                 "stop every writer, take a backup, then run `quorate migrate --upgrade`");
    case content::unknown:
      return bad("schema: Studio's revision " + state.revision + ", which this version does not know",
                 "bring it to revision " + std::string{db::schema::head_revision} + " with Studio's own migrations");
    case content::foreign: break;
  }
  return bad("schema: this database belongs to something else", "give database.url an empty database");
}

finding check_rights(const db::sight& seen) {
  if (seen.read_only)
    return bad("rights: the server is read-only (a standby, or default_transaction_read_only)",
               "name the primary in database.url; with several hosts add target_session_attrs=read-write");
  const bool empty = seen.schema.holds == db::schema::content::empty;
  const bool complete = seen.schema.own_version > 0;
  if ((empty && !seen.may_create_tables) || (!complete && !seen.may_create_schemas))
    return bad("rights: user " + seen.user + " may not create the tables that are missing",
               "run `quorate migrate` as the owner of the database (config/roles.sql makes both roles)");
  if (!empty && !seen.may_write_rows)
    return bad("rights: user " + seen.user + " may not read and change the rows of transactions and current_state",
               "grant it what config/roles.sql grants to quorate_app");
  return good("rights: user " + seen.user + " may do what is needed");
}

/// Connections of the node that runs already are no others'.
long own_connections(const config::values& v, const std::optional<node_address>& node) {
  if (!node) return 0;
  const auto report = ask_node(*node, v.text("rpc.admin_api_key"));
  return report ? static_cast<long>(report->sum("quorate_pool_connections")) + 1 : 0;
}

finding check_connections(const config::values& v, const db::sight& seen, long own) {
  const auto needed = v.whole("database.pool.size") + v.whole("database.pool.max_overflow") + 2;
  const auto others = std::max(0L, seen.connections_used - 1 - own);  // and the one that looked
  const auto text = fmt::format("connections: {} needed, {} allowed by the server, {} used by others", needed,
                                seen.connections_allowed, others);
  if (needed <= seen.connections_allowed - others) return good(text);
  return warning(text, "raise max_connections of the server, or lower database.pool.size and max_overflow");
}

}  // namespace

findings check_database(const config::values& v, const std::string& conninfo, const std::optional<node_address>& node) {
  findings out;
  const auto& url = v.at("database.url");
  if (url.from == config::source::flag && redact(conninfo) != conninfo)
    out.push_back(warning("database.url: the password on the command line can be read by every user of this machine",
                          "set DATABASE_URL or DATABASE_URL_FILE, or use ~/.pgpass"));
  const auto looked = db::look(connect_settings_of(v, conninfo), std::chrono::seconds{5});
  if (!looked) {
    out.push_back(bad("database: " + looked.error().message +
                          (looked.error().detail.empty() ? "" : " (" + looked.error().detail + ")"),
                      "check that PostgreSQL runs and that database.url (host, port, user, password, name) is right"));
    return out;
  }
  out.push_back(good("database: " + looked->server));
  out.push_back(check_schema(looked->schema));
  out.push_back(check_rights(*looked));
  out.push_back(check_connections(v, *looked, own_connections(v, node)));
  return out;
}

}  // namespace quorate::app
