// SPDX-License-Identifier: MIT
// Wrong words, and `quorate config`.
#include <gtest/gtest.h>

#include "chain/json.hpp"
#include "tests/common/command.hpp"

namespace quorate::tests {
namespace {

using words = std::vector<std::string>;

struct mistake {
  words command;
  std::string named;
};

TEST(command_line, a_wrong_word_is_named_and_ends_with_2) {
  for (const auto& [command, named] : std::vector<mistake>{
           {{}, "serve, migrate, config, status, top or doctor"},
           {{"frobnicate"}, "there is no command 'frobnicate'"},
           {{"serve", "--prot", "5"}, "there is no option '--prot'"},
           {{"config", "now"}, "'now' is one word too many"},
           {{"serve", "--port"}, "--port"},
           {{"serve", "--port", "abc"}, "server.port = abc (--port) is not a whole number (allowed: 0 to 65535)"},
           {{"serve", "--port", "70000"}, "server.port = 70000 (--port) is outside the allowed 0 to 65535"},
           {{"serve", "--set", "database.pool.sise=3"}, "Did you mean database.pool.size?"},
           {{"serve", "--set", "database.pool.size"}, "key=value"},
           {{"serve", "--set", "database.pool.timeout=5"}, "database.pool.timeout"},
           {{"serve", "--database-url", "mysql://me:hidden@h/d"}, "database.url (--database-url)"},
           {{"serve", "--config", "/no/such.toml"}, "cannot read /no/such.toml"},
           {{"serve", "--log-level", "loud"}, "log.level = loud (--log-level)"},
           {{"top", "--turns", "-1"}, "--turns"},
           {{"top", "--interval", "0"}, "--interval"},
       }) {
    const auto got = run_quorate(command);
    EXPECT_EQ(got.code, 2) << got.text;
    EXPECT_TRUE(got.says(named)) << got.text;
    EXPECT_TRUE(got.text.starts_with("quorate: ")) << got.text;
    EXPECT_FALSE(got.says("hidden")) << got.text;
  }
}

TEST(command_line, help_and_version_are_no_mistakes) {
  for (const auto& command : std::vector<words>{{"--help"}, {"serve", "--help"}, {"top", "--help"}, {"--version"}})
    EXPECT_EQ(run_quorate(command).code, 0) << command.front();
  EXPECT_TRUE(run_quorate({"--help"}).says("database.pool.max_overflow")) << "every option";
}

TEST(command_line, a_mistake_in_file_or_environment_names_its_place) {
  const temporary_directory place;
  const auto file = place.write("bad.toml", "[server]\nport = 4000\nprot = 3\n");
  const auto in_file = run_quorate({"serve", "--config", file.string()});
  EXPECT_EQ(in_file.code, 2);
  EXPECT_TRUE(in_file.says("bad.toml:3: unknown key server.prot. Did you mean server.port?")) << in_file.text;
  const auto in_environment = run_quorate({"serve"}, {{"DATABASE_POOL_SIZE", "many"}});
  EXPECT_EQ(in_environment.code, 2);
  EXPECT_TRUE(in_environment.says("DATABASE_POOL_SIZE")) << in_environment.text;
}

TEST(config_command, says_where_each_value_came_from_and_hides_secrets) {
  const temporary_directory place;
  const auto file = place.write("q.toml", "[database.pool]\nmax_overflow = 7\n[rpc]\nadmin_api_key = \"hidden\"\n");
  const words arguments{
      "config", "--config", file.string(), "--port", "4711", "--database-url", "postgresql://me:hidden@h/d"};
  const auto got = run_quorate(arguments, {{"DATABASE_POOL_SIZE", "9"}});
  EXPECT_EQ(got.code, 0);
  const auto line = [&](const std::string& key) {
    const auto at = got.text.find("\n" + key + " = ");
    return at == std::string::npos ? "" : got.text.substr(at + 1, got.text.find('\n', at + 1) - at - 1);
  };
  EXPECT_NE(line("server.port").find("= 4711"), std::string::npos) << got.text;
  EXPECT_NE(line("server.port").find("# --port"), std::string::npos) << line("server.port");
  EXPECT_NE(line("database.pool.size").find("# $DATABASE_POOL_SIZE"), std::string::npos) << line("database.pool.size");
  EXPECT_NE(line("database.pool.max_overflow").find("q.toml:2"), std::string::npos)
      << line("database.pool.max_overflow");
  EXPECT_NE(line("database.pool.timeout").find("# default"), std::string::npos) << line("database.pool.timeout");
  EXPECT_FALSE(got.says("hidden")) << got.text;

  auto as_json = arguments;
  as_json.insert(as_json.begin() + 1, "--json");
  const auto json = chain::parse_json(run_quorate(as_json).text);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->at("server.port").at("value"), 4711);
  EXPECT_EQ(json->at("server.port").at("source"), "flag");
  EXPECT_EQ(json->at("database.pool.max_overflow").at("source"), "file");
}

TEST(config_command, what_it_prints_can_be_read_again) {
  const temporary_directory place;
  const auto printed = run_quorate({"config", "--set", "database.pool.size=3"});
  const auto again = run_quorate({"config", "--config", place.write("printed.toml", printed.text).string()});
  EXPECT_EQ(again.code, 0) << again.text;
  EXPECT_TRUE(again.says("database.pool.size = 3 ")) << again.text;
}

}  // namespace
}  // namespace quorate::tests
