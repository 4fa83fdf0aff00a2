// SPDX-License-Identifier: MIT
// `quorate migrate`, and what `serve` says to the same databases.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/common/command.hpp"
#include "tests/common/paths.hpp"
#include "tests/common/postgres_server.hpp"

namespace quorate::tests {
namespace {

class migrate_command : public testing::Test {
 protected:
  static postgres_server& server() { return postgres_server::shared(); }
  static std::string contents(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void load_seed() {
    for (const auto* file : {"db/seed_schema.sql", "db/seed_rows.sql"}) server().exec(contents(data_file(file)), name_);
  }
  ended migrate(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"migrate", "--database-url", url_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_quorate(arguments);
  }
  ended serve() { return run_quorate({"serve", "--database-url", url_, "--port", "0", "--data-dir", "/proc/none"}); }
  std::string revision() { return server().value("SELECT version_num FROM alembic_version", name_); }

  std::string name_ = "migrate_command";
  std::string url_ = server().create_empty_database(name_);
};

TEST_F(migrate_command, fills_an_empty_database_and_then_has_nothing_to_do) {
  const auto first = migrate();
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_TRUE(first.says("created Studio's schema, revision a7b8c9d0e1f2")) << first.text;
  const auto second = migrate();
  EXPECT_EQ(second.code, 0) << second.text;
  EXPECT_TRUE(second.says("nothing to do: revision a7b8c9d0e1f2")) << second.text;
}

TEST_F(migrate_command, shows_what_a_seed_database_needs_and_does_it_when_told) {
  load_seed();
  const auto refused = serve();
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(refused.says("quorate migrate --upgrade")) << refused.text;

  const auto shown = migrate();
  EXPECT_EQ(shown.code, 1) << "it is not ready yet";
  for (const auto* part : {"a221e802477c", "a7b8c9d0e1f2", "ALTER TABLE transactions ADD COLUMN sim_config jsonb",
                           "CREATE TABLE api_keys", "Nothing was changed", "quorate migrate --upgrade"})
    EXPECT_TRUE(shown.says(part)) << part << "\n" << shown.text;
  EXPECT_EQ(revision(), "a221e802477c");

  const auto done = migrate({"--upgrade"});
  EXPECT_EQ(done.code, 0) << done.text;
  EXPECT_TRUE(done.says("upgraded Studio's schema from a221e802477c to a7b8c9d0e1f2")) << done.text;
  EXPECT_EQ(revision(), "a7b8c9d0e1f2");
  EXPECT_EQ(migrate({"--upgrade"}).code, 0) << "again";
}

TEST_F(migrate_command, refuses_what_is_not_studios) {
  server().exec("CREATE TABLE invoices (id int)", name_);
  for (const auto& got : {migrate(), migrate({"--upgrade"}), serve()}) {
    EXPECT_EQ(got.code, 1);
    EXPECT_TRUE(got.says("not GenLayer Studio's")) << got.text;
  }
  EXPECT_EQ(server().value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name_), "1");
}

TEST_F(migrate_command, refuses_a_revision_it_does_not_know_by_name) {
  server().exec("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('ffff00000000')",
                name_);
  const auto got = migrate();
  EXPECT_EQ(got.code, 1);
  EXPECT_TRUE(got.says("ffff00000000")) << got.text;
}

}  // namespace
}  // namespace quorate::tests
