// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/embedded/postgres.hpp"
#include "app/settings.hpp"
#include "config/load.hpp"
#include "config/logging.hpp"
#include "db/schema.hpp"

#include <signal.h>
#include <unistd.h>

namespace quorate::app {

namespace {

/// A database of August 2025, and nobody has said yet that it may be changed.
int show_upgrade(const db::schema::state& found) {
  fmt::print("This database has GenLayer Studio's revision {} (August 2025). Moving it to {} would run:\n\n",
             found.revision, db::schema::head_revision);
  constexpr std::size_t width = 110;
  for (const auto& statement : db::schema::upgrade_statements())
    fmt::print("  {}{}\n", statement.substr(0, width), statement.size() > width ? " …" : "");
  fmt::print(
      "\nNothing was changed. It rewrites the tables transactions and current_state, and there is no way back but a\n"
      "backup: stop every process that uses the database, take one, then run `quorate migrate --upgrade`.\n");
  return 1;
}

int migrate_at(const config::values& settings, const std::string& conninfo, const migrate_options& options) {
  const auto connector = db::make_pg_connector(connect_settings_of(settings, conninfo));
  if (!connector) return report_failure(connector.error());
  const auto session = (*connector)->open(settings.duration("database.pool.connect_timeout"));
  if (!session) return report_failure(session.error());
  db::schema::state found;
  const auto looked = (*session)->run({db::access::read_only, std::chrono::minutes{1}, {}}, [&](db::transaction& tx) {
    return db::schema::inspect(tx).map([&](db::schema::state state) { found = std::move(state); });
  });
  if (!looked.value) return report_failure(looked.value.error());
  if (found.holds == db::schema::content::seed && !options.upgrade) return show_upgrade(found);
  const auto allowed = options.upgrade ? db::schema::permission::upgrade : db::schema::permission::create;
  // The upgrade rewrites whole tables; a big database needs more than a request's patience.
  const auto done = db::schema::prepare(**session, allowed, std::chrono::hours{4});
  if (!done) return report_failure(done.error());
  if (done->created) fmt::print("created Studio's schema, revision {}\n", db::schema::head_revision);
  if (done->upgraded)
    fmt::print("upgraded Studio's schema from {} to {}\n", db::schema::seed_revision, db::schema::head_revision);
  if (done->own_created) fmt::print("created the schema quorate\n");
  if (!done->created && !done->upgraded && !done->own_created)
    fmt::print("nothing to do: revision {}\n", done->before.revision);
  return 0;
}

}  // namespace

int migrate_command(const config::values& settings, const migrate_options& options) {
  ::signal(SIGPIPE, SIG_IGN);
  if (const auto ok = config::install_logging(settings); !ok) return report_failure(ok.error());
  const auto& url = settings.text("database.url");
  if (!url.empty()) return migrate_at(settings, url, options);
  auto data = data_directory::open(config::data_directory(settings, config::process_environment(), ::geteuid() == 0));
  if (!data) return report_failure(data.error());
  if (const auto ok = data->lock(); !ok) return report_failure(ok.error());
  auto database = embedded_postgres::start(*data);
  if (!database) return report_failure(database.error());
  const int code = migrate_at(settings, database->conninfo(), options);
  database->stop();
  return code;
}

}  // namespace quorate::app
