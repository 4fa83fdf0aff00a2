// SPDX-License-Identifier: MIT
#include "db/schema.hpp"

#include <algorithm>

#include "db/detail/statement.hpp"
#include "db/embedded_sql.hpp"

namespace quorate::db::schema {

namespace {

constexpr int own_head_version = 3;

// "Quorate" in ASCII: beyond the int4 keys that upstream's hashtext() locks live among (docs/spec/database.md §2.11).
const detail::statement lock{"schema_lock", "SELECT pg_advisory_xact_lock(x'51756f72617465'::bigint)"};

const detail::statement count_tables{"schema_count_tables", R"sql(
  SELECT count(*), to_regclass('alembic_version') IS NOT NULL, to_regclass('quorate.settings') IS NOT NULL
  FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f'))sql"};
const detail::statement read_revision{
    "schema_revision",
    "SELECT count(*), coalesce(string_agg(version_num, ', ' ORDER BY version_num), '') FROM alembic_version"};
const detail::statement read_own_version{"schema_own_version",
                                         "SELECT value::int FROM quorate.settings WHERE name = 'schema_version'"};

// What quorate.sql needs: CREATE SCHEMA asks for the right even when the schema is there.
const detail::statement may_create_own{"schema_may_create_own", R"sql(
  SELECT has_database_privilege(current_database(), 'CREATE')
    AND coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = 'quorate'), true))sql"};

void run_script(transaction& tx, std::string_view script) { tx.native().exec(std::string{script}); }

content named(std::string_view revision) {
  if (revision == head_revision) return content::head;
  return revision == seed_revision ? content::seed : content::unknown;
}

tl::unexpected<error> refuse(std::string why) { return fail(errc::application, std::move(why)); }

/// The message for a database that must not be touched; empty when it may.
std::string objection(const state& found, permission allowed) {
  if (found.own_version > own_head_version) {
    return "The database was set up by a newer version of Quorate (its own schema has version " +
           std::to_string(found.own_version) + ", this one knows " + std::to_string(own_head_version) + ").";
  }
  switch (found.holds) {
    case content::head: return {};
    case content::empty:
      if (allowed != permission::open) return {};
      return "The database is empty. Run `quorate migrate` to create the tables.";
    case content::seed:
      if (allowed == permission::upgrade) return {};
      return "The database has GenLayer Studio's revision " + found.revision +
             ". Stop every process that uses it, take a backup, then run `quorate migrate --upgrade` to move it to " +
             std::string{head_revision} + '.';
    case content::unknown:
      return "The database has GenLayer Studio's revision " + (found.revision.empty() ? "(none)" : found.revision) +
             ", which Quorate does not know. Migrate it with GenLayer Studio to " + std::string{head_revision} +
             ", or name another database.";
    case content::foreign:
      return "The database holds tables that are not GenLayer Studio's (there is no alembic_version). Name another, "
             "empty database.";
  }
  return "The database is in an unknown state.";
}

status work(transaction& tx, permission allowed, report& done) {
  auto before = inspect(tx);
  if (!before) return tl::unexpected<error>{std::move(before.error())};
  done = report{std::move(*before)};
  if (auto why = objection(done.before, allowed); !why.empty()) return refuse(std::move(why));

  if (done.before.holds == content::empty) {
    if (auto created = create(tx); !created) return created;
    done.created = true;
  } else if (done.before.holds == content::seed) {
    if (auto upgraded = upgrade_seed(tx); !upgraded) return upgraded;
    done.upgraded = true;
  }
  if (done.before.own_version == own_head_version) return {};
  if (!detail::boolean(execute(tx, may_create_own)[0][0])) {
    return refuse("The database needs version " + std::to_string(own_head_version) +
                  " of Quorate's own schema, and this role may not create it. Run `quorate migrate` as the role that "
                  "owns the tables.");
  }
  done.own_created = true;
  return create_own(tx);
}

}  // namespace

result<state> inspect(transaction& tx) {
  state found;
  const auto tables = execute(tx, count_tables)[0];
  if (detail::boolean(tables[2])) {
    const auto rows = execute(tx, read_own_version);
    if (!rows.empty()) found.own_version = detail::integer<int>(rows[0][0]);
  }
  if (!detail::boolean(tables[1])) {
    found.holds = detail::integer<std::int64_t>(tables[0]) == 0 ? content::empty : content::foreign;
    return found;
  }
  const auto revision = execute(tx, read_revision)[0];
  found.revision = detail::text(revision[1]);
  found.holds = detail::integer<std::int64_t>(revision[0]) == 1 ? named(found.revision) : content::unknown;
  return found;
}

status create(transaction& tx) {
  run_script(tx, embedded::schema);
  return {};
}

status upgrade_seed(transaction& tx) {
  run_script(tx, embedded::upgrade_from_seed);
  return {};
}

std::vector<std::string> upgrade_statements() {
  std::vector<std::string> out;
  std::string statement;
  bool quoted = false;  // inside $$ … $$, where a semicolon ends nothing
  for (std::string_view rest = embedded::upgrade_from_seed; !rest.empty();) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    line = line.substr(0, line.find("--"));
    for (std::size_t at = 0; (at = line.find("$$", at)) != std::string_view::npos; at += 2) quoted = !quoted;
    const auto last = line.find_last_not_of(' ');
    if (last == std::string_view::npos) continue;
    line = line.substr(line.find_first_not_of(' '), last + 1 - line.find_first_not_of(' '));
    statement += (statement.empty() ? "" : " ") + std::string{line};
    if (quoted || statement.back() != ';') continue;
    statement.pop_back();
    if (!statement.starts_with("SET ") && !statement.starts_with("DO ")) out.push_back(statement);
    statement.clear();
  }
  return out;
}

status create_own(transaction& tx) {
  run_script(tx, embedded::quorate);
  return {};
}

result<report> prepare(session& on, permission allowed, std::chrono::milliseconds limit) {
  report done;
  run_options options;
  options.statement_timeout = limit;
  const auto left = on.run(options, [&](transaction& tx) -> status {
    // The second of two processes waits for the first one's whole migration; the upgrade sets its own lock_timeout for
    // the tables (A32).
    tx.native().exec("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = " + std::to_string(limit.count()));
    execute(tx, lock);
    return work(tx, allowed, done);
  });
  if (!left.value) return tl::unexpected<error>{left.value.error()};
  return done;
}

}  // namespace quorate::db::schema
