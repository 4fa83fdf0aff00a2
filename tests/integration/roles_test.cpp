// SPDX-License-Identifier: MIT
// config/roles.sql on a real PostgreSQL: what each role may do, and that the file can be run again.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

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

  const auto limits =
      server.value("SELECT array_to_string(rolconfig, ' ') FROM pg_roles WHERE rolname = 'quorate_app'");
  for (const auto* limit : {"statement_timeout=", "lock_timeout=", "idle_in_transaction_session_timeout="}) {
    EXPECT_NE(limits.find(limit), std::string::npos) << limits;
  }
}

}  // namespace
}  // namespace quorate::tests
