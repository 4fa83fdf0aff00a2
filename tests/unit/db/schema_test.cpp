// SPDX-License-Identifier: MIT
#include "db/schema.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/common/child.hpp"
#include "tests/common/paths.hpp"
#include "tests/unit/db/rows.hpp"

namespace quorate::db::tests {
namespace {

std::string contents(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

class schema_of : public ::testing::Test {
 protected:
  void SetUp() override { url_ = server().create_empty_database(name_); }
  static postgres_server& server() { return postgres_server::shared(); }
  void sql(const std::string& text) { server().exec(text, name_); }
  std::string value(const std::string& text) { return server().value(text, name_); }
  void load(const char* file) { sql(contents(quorate::tests::data_file(file))); }

  result<schema::report> prepare(schema::permission allowed) {
    const auto on = open_session(url_);
    return schema::prepare(*on, allowed);
  }
  std::string refusal(schema::permission allowed) {
    const auto done = prepare(allowed);
    if (done) return "was accepted";
    EXPECT_EQ(done.error().code, errc::application) << done.error().detail;
    return done.error().message;
  }
  schema::state inspect() {
    const auto on = open_session(url_);
    return *in_transaction(
        *on, [](transaction& tx) { return schema::inspect(tx); }, access::read_only);
  }
  /// pg_dump's text of the public schema, without comments and the random tokens of newer versions.
  std::string dump(const std::string& more = "--schema-only") {
    const auto file = quorate::tests::postgres_server::shared().socket_dir() / (name_ + ".dump");
    std::filesystem::remove(file);
    const auto code = quorate::tests::wait_child(quorate::tests::spawn_child(
        {"/usr/lib/postgresql/15/bin/pg_dump", "--schema=public", "--no-owner", more, "-d", url_}, file));
    EXPECT_EQ(code, 0);
    std::istringstream lines{contents(file)};
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line.starts_with("--") || line.starts_with("\\")) continue;
      kept += line + '\n';
    }
    return kept;
  }

  std::string name_ = "schema_of";
  std::string url_;
};

TEST_F(schema_of, an_empty_database_is_created_when_that_is_allowed) {
  EXPECT_EQ(inspect().holds, schema::content::empty);
  EXPECT_NE(refusal(schema::permission::open).find("is empty"), std::string::npos);
  const auto done = prepare(schema::permission::create);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(done->created && done->own_created);
  EXPECT_FALSE(done->upgraded);
  const auto now = inspect();
  EXPECT_EQ(now.holds, schema::content::head);
  EXPECT_EQ(now.revision, schema::head_revision);
  EXPECT_EQ(now.own_version, 3);
  EXPECT_EQ(value("SELECT string_agg(name, ',' ORDER BY id) FROM api_tiers"), "free,pro,unlimited");
}

TEST_F(schema_of, a_database_of_head_is_opened_unchanged) {
  ASSERT_TRUE(prepare(schema::permission::create));
  sql("INSERT INTO current_state (id, data, balance) VALUES ('a', '{}', 1)");
  const auto before = dump("--inserts");
  const auto done = prepare(schema::permission::open);
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->created || done->own_created || done->upgraded);
  EXPECT_EQ(dump("--inserts"), before);
}

TEST_F(schema_of, studios_own_database_gets_nothing_but_our_schema) {
  sql(contents(quorate::tests::source_dir() / "db/sql/schema.sql"));
  const auto before = dump("--inserts");
  EXPECT_EQ(inspect().own_version, 0);
  const auto done = prepare(schema::permission::open);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_FALSE(done->created);
  EXPECT_TRUE(done->own_created);
  EXPECT_EQ(dump("--inserts"), before);
}

TEST(schema_upgrade, shows_every_statement_that_changes_something_on_one_line) {
  const auto all = schema::upgrade_statements();
  const auto has = [&](const char* text) { return std::find(all.begin(), all.end(), text) != all.end(); };
  EXPECT_TRUE(has("ALTER TABLE transactions ADD COLUMN sim_config jsonb"));
  EXPECT_TRUE(has("UPDATE transactions SET execution_mode = 'LEADER_ONLY' WHERE leader_only"));
  EXPECT_TRUE(has("UPDATE alembic_version SET version_num = 'a7b8c9d0e1f2'"));
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const auto& s) { return s.starts_with("CREATE INDEX"); }), 12);
  for (const auto& statement : all) {
    EXPECT_EQ(statement.find_first_of("\n;"), std::string::npos) << statement;
    EXPECT_EQ(statement.find("RAISE"), std::string::npos) << statement;
  }
}

TEST_F(schema_of, the_seed_is_upgraded_on_request_only_and_then_equals_head) {
  load("db/seed_schema.sql");
  load("db/seed_rows.sql");
  for (const auto allowed : {schema::permission::open, schema::permission::create}) {
    EXPECT_NE(refusal(allowed).find("quorate migrate --upgrade"), std::string::npos);
  }
  EXPECT_EQ(value("SELECT version_num FROM alembic_version"), schema::seed_revision);
  const auto done = prepare(schema::permission::upgrade);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(done->upgraded);
  EXPECT_EQ(done->before.holds, schema::content::seed);
  EXPECT_EQ(inspect().holds, schema::content::head);
  EXPECT_EQ(server().query(
                "SELECT hash, execution_mode, value_credited, origin_address FROM transactions ORDER BY hash", name_),
            (std::vector<std::vector<std::string>>{{"0x01", "LEADER_ONLY", "t", "0xAccount"},
                                                   {"0x02", "NORMAL", "f", "0xAccount"},
                                                   {"0x03", "NORMAL", "f", "0xAccount"}}));
  const auto upgraded = dump();
  url_ = server().create_empty_database(name_);
  ASSERT_TRUE(prepare(schema::permission::create));
  EXPECT_EQ(upgraded, dump());
}

TEST_F(schema_of, an_upgrade_that_fails_changes_nothing) {
  load("db/seed_schema.sql");
  load("db/seed_rows.sql");
  sql("CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
      "CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION no()");
  EXPECT_FALSE(prepare(schema::permission::upgrade));
  EXPECT_EQ(inspect().holds, schema::content::seed);
  EXPECT_EQ(
      value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'transactions'::regclass AND attname = 'sim_config'"),
      "0");
}

TEST_F(schema_of, other_revisions_are_refused_by_name) {
  ASSERT_TRUE(prepare(schema::permission::create));
  for (const auto* const rows : {"('deadbeef0000')", "('a7b8c9d0e1f2'), ('a221e802477c')"}) {
    sql("DELETE FROM alembic_version; INSERT INTO alembic_version VALUES " + std::string{rows});
    for (const auto allowed : {schema::permission::open, schema::permission::create, schema::permission::upgrade}) {
      EXPECT_NE(refusal(allowed).find(inspect().revision), std::string::npos);
    }
  }
  sql("DELETE FROM alembic_version");
  EXPECT_EQ(inspect().holds, schema::content::unknown);
  EXPECT_NE(refusal(schema::permission::upgrade).find("(none)"), std::string::npos);
}

TEST_F(schema_of, foreign_tables_are_refused) {
  sql("CREATE TABLE customers (id int)");
  EXPECT_EQ(inspect().holds, schema::content::foreign);
  EXPECT_NE(refusal(schema::permission::upgrade).find("not GenLayer Studio's"), std::string::npos);
  EXPECT_EQ(value("SELECT count(*) FROM pg_namespace WHERE nspname = 'quorate'"), "0");
}

TEST_F(schema_of, a_newer_quorate_is_refused) {
  ASSERT_TRUE(prepare(schema::permission::create));
  sql("UPDATE quorate.settings SET value = '4' WHERE name = 'schema_version'");
  EXPECT_NE(refusal(schema::permission::open).find("newer version of Quorate"), std::string::npos);
}

TEST_F(schema_of, quorates_own_first_version_is_moved_forward_and_keeps_what_it_holds) {
  ASSERT_TRUE(prepare(schema::permission::create));
  sql("DROP SEQUENCE quorate.faucet_nonce; UPDATE quorate.settings SET value = '1' WHERE name = 'schema_version';"
      "INSERT INTO quorate.settings (name, value) VALUES ('finality_window', '42');"
      "INSERT INTO transactions (hash, status, to_address, leader_only, appealed, appeal_undetermined, "
      "appeal_leader_timeout, appeal_validators_timeout) "
      "SELECT 'f' || n, 'FINALIZED', 'a', false, false, false, false, false FROM generate_series(1, 3) n");
  const auto done = prepare(schema::permission::open);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(done->before.own_version, 1);
  EXPECT_TRUE(done->own_created);
  EXPECT_EQ(inspect().own_version, 3);
  EXPECT_EQ(value("SELECT nextval('quorate.faucet_nonce')"), "3") << "three of the faucet's rows are there";
  EXPECT_EQ(value("SELECT value FROM quorate.settings WHERE name = 'finality_window'"), "42");
  const auto again = prepare(schema::permission::open);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->own_created);
  EXPECT_EQ(value("SELECT nextval('quorate.faucet_nonce')"), "4");
}

TEST_F(schema_of, an_older_version_gets_the_outbox) {
  ASSERT_TRUE(prepare(schema::permission::create));
  sql("DROP TABLE quorate.forwards, quorate.leases; UPDATE quorate.settings SET value = '2' WHERE name = "
      "'schema_version'");
  const auto done = prepare(schema::permission::open);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(done->own_created);
  EXPECT_EQ(inspect().own_version, 3);
  EXPECT_EQ(value("SELECT count(*) FROM quorate.forwards, quorate.leases"), "0");
}

TEST_F(schema_of, processes_that_start_at_once_create_it_once) {
  std::vector<std::thread> crowd;
  std::atomic<int> created{0}, failed{0};
  for (int t = 0; t < 6; ++t) {
    crowd.emplace_back([&] {
      const auto done = prepare(schema::permission::create);
      failed += done ? 0 : 1;
      created += done && done->created ? 1 : 0;
    });
  }
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(created, 1);
}

TEST_F(schema_of, a_role_without_the_right_to_create_can_open_it) {
  ASSERT_TRUE(prepare(schema::permission::create));
  sql("DROP ROLE IF EXISTS app; CREATE ROLE app LOGIN; GRANT USAGE ON SCHEMA public, quorate TO app; "
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, quorate TO app");
  url_ += " user=app";
  const auto done = prepare(schema::permission::create);
  EXPECT_TRUE(done) << done.error().detail;
  sql("DROP SEQUENCE quorate.faucet_nonce; UPDATE quorate.settings SET value = '1' WHERE name = 'schema_version'");
  EXPECT_NE(refusal(schema::permission::create).find("`quorate migrate`"), std::string::npos);
  sql("DROP OWNED BY app; DROP ROLE app");
}

}  // namespace
}  // namespace quorate::db::tests
