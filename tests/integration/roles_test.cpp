// SPDX-License-Identifier: MIT
// config/roles.sql on a real PostgreSQL: what each role may do, and that the file can be run again.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "db/pg_connector.hpp"
#include "db/schema.hpp"
#include "tests/common/paths.hpp"
#include "tests/common/postgres_server.hpp"

namespace quorate::tests {
namespace {

int run_roles(const std::string& url) {
  const auto file = source_dir() / "config" / "roles.sql";
  return std::system(
      fmt::format("psql -X -q -d '{}' -v owner_password=o -v app_password=a -f '{}' >/dev/null", url, file.string())
          .c_str());
}

TEST(roles, the_app_role_changes_rows_and_nothing_else) {
  auto& server = postgres_server::shared();
  const std::string database = "roles_test";
  const auto url = server.create_database(database);
  ASSERT_EQ(run_roles(url), 0);
  ASSERT_EQ(run_roles(url), 0) << "the second run";

  const auto as = [&](const std::string& role, const std::string& sql) {
    server.exec(fmt::format("SET ROLE {}; {}", role, sql), database);
  };
  EXPECT_NO_THROW(as("quorate_app", "INSERT INTO current_state (id, data, balance) VALUES ('0x1', '{}', 0)"));
  EXPECT_NO_THROW(as("quorate_app", "UPDATE current_state SET balance = 5; DELETE FROM current_state"));
  EXPECT_THROW(as("quorate_app", "CREATE TABLE public.mine (a int)"), std::runtime_error);
  EXPECT_THROW(as("quorate_app", "DROP TABLE current_state"), std::runtime_error);
  EXPECT_THROW(as("quorate_app", "ALTER TABLE current_state ADD COLUMN a int"), std::runtime_error);

  EXPECT_NO_THROW(as("quorate_owner", "CREATE TABLE quorate.later (a serial)"));
  EXPECT_NO_THROW(as("quorate_app", "INSERT INTO quorate.later DEFAULT VALUES")) << "tables of later migrations";
  EXPECT_NO_THROW(as("quorate_owner", "ALTER TABLE current_state ADD COLUMN a int"));

  EXPECT_NO_THROW(as("quorate_app", "SELECT nextval('quorate.faucet_nonce')"));
  EXPECT_EQ(server.value("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace IN "
                         "('public'::regnamespace, 'quorate'::regnamespace) AND relowner <> "
                         "'quorate_owner'::regrole",
                         database),
            "0");

  const auto limits =
      server.value("SELECT array_to_string(rolconfig, ' ') FROM pg_roles WHERE rolname = 'quorate_app'");
  for (const auto* limit : {"statement_timeout=", "lock_timeout=", "idle_in_transaction_session_timeout="}) {
    EXPECT_NE(limits.find(limit), std::string::npos) << limits;
  }
}

/// A database whose schema `quorate` is of an older Quorate: the owner migrates it, the other role says so.
TEST(roles, an_older_schema_is_the_owners_to_migrate) {
  auto& server = postgres_server::shared();
  const std::string database = "roles_migration_test";
  const auto url = server.create_database(database);
  ASSERT_EQ(run_roles(url), 0);
  server.exec(
      "DROP SEQUENCE quorate.faucet_nonce; UPDATE quorate.settings SET value = '1' WHERE name = "
      "'schema_version'",
      database);
  const auto prepare = [&](const std::string& role, db::schema::permission allowed) {
    auto connector = db::make_pg_connector({.url = url + " user=" + role});
    auto session = (*connector)->open(std::chrono::seconds{10});
    return db::schema::prepare(**session, allowed);
  };
  const auto refused = prepare("quorate_app", db::schema::permission::create);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("`quorate migrate`"), std::string::npos) << refused.error().message;
  const auto migrated = prepare("quorate_owner", db::schema::permission::upgrade);
  ASSERT_TRUE(migrated) << migrated.error().detail;
  EXPECT_TRUE(migrated->own_created);
  const auto opened = prepare("quorate_app", db::schema::permission::create);
  EXPECT_TRUE(opened) << opened.error().message;
  EXPECT_NO_THROW(server.exec("SET ROLE quorate_app; SELECT nextval('quorate.faucet_nonce')", database));
}

}  // namespace
}  // namespace quorate::tests
