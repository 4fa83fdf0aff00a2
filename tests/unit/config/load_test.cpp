// SPDX-License-Identifier: MIT
#include "config/load.hpp"

#include <unistd.h>

#include <fstream>

#include <gtest/gtest.h>

namespace quorate::config {
namespace {

using std::chrono::milliseconds;

/// A file that goes away with the test.
struct temporary_file {
  explicit temporary_file(std::string_view content, std::string_view name = "quorate.toml")
      : path(std::filesystem::temp_directory_path() /
             (std::to_string(getpid()) + "-" + std::to_string(++count) + "-" + std::string(name))) {
    std::ofstream(path) << content;
  }
  ~temporary_file() { std::filesystem::remove(path); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  static inline int count = 0;
  std::filesystem::path path;
};

std::string error_of(const result<values>& r) { return r ? std::string("no error") : r.error().message; }

command_line flags(std::map<std::string, std::string> settings) {
  command_line out;
  for (auto& [key, text] : settings) out.settings[key] = {"--set", text};
  return out;
}

TEST(config_load, flag_beats_environment_beats_file_beats_default) {
  const temporary_file file("[database.pool]\nsize = 7\nmax_overflow = 8\ntimeout = \"9s\"\n");
  const environment env{{"DATABASE_POOL_SIZE", "11"}, {"DATABASE_MAX_OVERFLOW", "12"}};
  const auto v = load(flags({{"database.pool.size", "13"}}), env, file.path);
  ASSERT_TRUE(v) << error_of(v);
  EXPECT_EQ(v->whole("database.pool.size"), 13);
  EXPECT_EQ(v->whole("database.pool.max_overflow"), 12);
  EXPECT_EQ(v->duration("database.pool.timeout"), milliseconds(9000));
  EXPECT_EQ(v->duration("database.pool.recycle"), milliseconds(3'600'000));
  EXPECT_EQ(v->at("database.pool.size").from, source::flag);
  EXPECT_EQ(v->at("database.pool.max_overflow").origin, "DATABASE_MAX_OVERFLOW");
  EXPECT_EQ(v->at("database.pool.timeout").origin, file.path.string() + ":4");
  EXPECT_EQ(v->at("database.pool.recycle").from, source::fallback);
}

TEST(config_load, every_option_has_a_name_of_its_own_in_the_environment_and_it_goes_first) {
  const auto v = load(
      {},
      {{"QUORATE_DATABASE_POOL_SIZE", "5"}, {"DATABASE_POOL_SIZE", "6"}, {"QUORATE_CONSENSUS_POLL_INTERVAL", "250ms"}},
      {});
  ASSERT_TRUE(v) << error_of(v);
  EXPECT_EQ(v->whole("database.pool.size"), 5);
  EXPECT_EQ(v->duration("consensus.poll_interval"), milliseconds(250));
}

TEST(config_load, studios_variables_keep_their_units) {
  const auto v = load({},
                      {{"VITE_FINALITY_WINDOW", "1800"},
                       {"TRANSACTION_TIMEOUT_MINUTES", "20"},
                       {"VITE_IS_HOSTED", "true"},
                       {"LOG_LEVEL", "WARNING"},
                       {"RPCPORT", "4100"},
                       {"HARDHAT_CHAIN_ID", "61999"},
                       {"WORKER_POLL_INTERVAL", "0.5"}},
                      {});
  ASSERT_TRUE(v) << error_of(v);
  EXPECT_EQ(v->duration("consensus.finality_window"), std::chrono::minutes(30));
  EXPECT_EQ(v->duration("consensus.lease_timeout"), std::chrono::minutes(20));
  EXPECT_TRUE(v->boolean("rpc.hosted"));
  EXPECT_EQ(v->text("log.level"), "warning");
  EXPECT_EQ(v->whole("server.port"), 4100);
  EXPECT_EQ(v->whole("rpc.chain_id"), 61999);
  EXPECT_EQ(v->duration("consensus.poll_interval"), milliseconds(500));
}

TEST(config_load, studios_five_database_variables_make_a_url) {
  const auto v = load({}, {{"DBHOST", "db"}, {"DBPASSWORD", "p@ss:w/rd"}}, {});
  ASSERT_TRUE(v) << error_of(v);
  EXPECT_EQ(v->text("database.url"), "postgresql://postgres:p%40ss%3Aw%2Frd@db:5432/genlayer_state");
  const auto none = load({}, {{"DBPASSWORD", "x"}, {"DBHOST", ""}}, {});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->text("database.url"), "");
  const auto both = load({}, {{"DBHOST", "db"}, {"DATABASE_URL", "postgresql://other/x"}}, {});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->text("database.url"), "postgresql://other/x");
}

TEST(config_load, secrets_may_come_in_files) {
  const temporary_file secret("k3y\n", "key");
  const auto v = load({}, {{"ADMIN_API_KEY_FILE", secret.path.string()}}, {});
  ASSERT_TRUE(v) << error_of(v);
  EXPECT_EQ(v->text("rpc.admin_api_key"), "k3y");
  const auto missing = load({}, {{"ADMIN_API_KEY_FILE", "/nonexistent/key"}}, {});
  EXPECT_NE(error_of(missing).find("ADMIN_API_KEY_FILE: cannot read /nonexistent/key"), std::string::npos)
      << error_of(missing);
}

TEST(config_load, an_error_names_key_source_and_range) {
  EXPECT_EQ(error_of(load({}, {{"DATABASE_POOL_SIZE", "0"}}, {})),
            "database.pool.size = 0 (DATABASE_POOL_SIZE) is outside the allowed 1 to 1000");
  EXPECT_EQ(error_of(load(flags({{"server.port", "http"}}), {}, {})),
            "server.port = http (--set) is not a whole number (allowed: 0 to 65535)");
  const temporary_file file("\n[server]\nidle_timeout = 5\n");
  EXPECT_EQ(error_of(load({}, {}, file.path)),
            "server.idle_timeout = 5 (" + file.path.string() +
                ":3) must be a duration in quotes, such as \"30s\" (allowed: 100ms to 24h)");
}

TEST(config_load, an_error_never_quotes_a_secret) {
  const auto wrong = error_of(load({}, {{"DATABASE_URL", "mysql://u:hunter2@h/d"}}, {}));
  EXPECT_EQ(wrong.find("hunter2"), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("database.url (DATABASE_URL)"), std::string::npos) << wrong;
}

TEST(config_load, unknown_keys_are_errors_with_a_suggestion) {
  const temporary_file misspelt("[database.pool]\nsise = 5\n");
  EXPECT_EQ(error_of(load({}, {}, misspelt.path)),
            misspelt.path.string() + ":2: unknown key database.pool.sise. Did you mean database.pool.size?");
  const temporary_file misplaced("[server]\nchain_id = 5\n");
  EXPECT_NE(error_of(load({}, {}, misplaced.path)).find("Did you mean rpc.chain_id?"), std::string::npos);
  const temporary_file section("[redis]\nurl = \"x\"\n");
  EXPECT_NE(error_of(load({}, {}, section.path)).find("unknown key redis."), std::string::npos);
  EXPECT_NE(error_of(load(flags({{"server.prot", "1"}}), {}, {})).find("Did you mean server.port?"), std::string::npos);
}

TEST(config_load, a_broken_or_missing_file_is_named) {
  const temporary_file broken("[server\nport = 1\n");
  EXPECT_TRUE(error_of(load({}, {}, broken.path)).starts_with(broken.path.string() + ":1: "));
  EXPECT_NE(error_of(load({}, {}, "/nonexistent/q.toml")).find("cannot read /nonexistent/q.toml"), std::string::npos);
  EXPECT_NE(error_of(load({}, {}, "/")).find("cannot read /"), std::string::npos);
  const temporary_file empty("");
  EXPECT_TRUE(load({}, {}, empty.path));
}

TEST(config_load, the_file_is_found_by_flag_then_environment) {
  command_line given;
  EXPECT_EQ(file_to_read(given, {{"QUORATE_CONFIG", "/a"}}), std::filesystem::path("/a"));
  given.file = "/b";
  EXPECT_EQ(file_to_read(given, {{"QUORATE_CONFIG", "/a"}}), std::filesystem::path("/b"));
}

TEST(config_load, the_data_directory_follows_the_user) {
  const values defaults;
  EXPECT_EQ(data_directory(defaults, {{"HOME", "/root"}}, true), "/var/lib/quorate");
  EXPECT_EQ(data_directory(defaults, {{"HOME", "/home/a"}, {"XDG_DATA_HOME", "/x"}}, false), "/x/quorate");
  EXPECT_EQ(data_directory(defaults, {{"HOME", "/home/a"}, {"XDG_DATA_HOME", "x"}}, false),
            "/home/a/.local/share/quorate");
  EXPECT_EQ(data_directory(defaults, {}, false), "data");
  const auto set = load(flags({{"data_dir", "/srv/q"}}), {}, {});
  ASSERT_TRUE(set);
  EXPECT_EQ(data_directory(*set, {{"HOME", "/root"}}, true), "/srv/q");
}

TEST(config_load, compare_tells_what_a_running_process_can_take_over) {
  const values before;
  const auto after = load(flags({{"database.pool.size", "5"}, {"server.port", "1"}, {"log.level", "info"}}), {}, {});
  ASSERT_TRUE(after);
  const auto change = compare(before, *after);
  EXPECT_EQ(change.reloadable, std::vector<std::string>{"database.pool.size"});
  EXPECT_EQ(change.needs_restart, std::vector<std::string>{"server.port"});
}

}  // namespace
}  // namespace quorate::config
