// SPDX-License-Identifier: MIT
#include "config/flags.hpp"

#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include "config/option.hpp"

namespace quorate::config {
namespace {

command_line parsed(std::vector<std::string> arguments) {
  CLI::App app;
  command_line out;
  add_flags(app, out);
  std::reverse(arguments.begin(), arguments.end());
  app.parse(arguments);
  return out;
}

TEST(config_flags, named_flags_reach_their_option) {
  const auto got = parsed({"--port", "0", "--host=::1", "--config", "/q.toml", "--data-dir", "d", "--database-url",
                           "postgresql://h/d", "--log-level", "debug"});
  EXPECT_EQ(got.file, std::filesystem::path("/q.toml"));
  EXPECT_EQ(got.settings.at("server.port").text, "0");
  EXPECT_EQ(got.settings.at("server.port").flag, "--port");
  EXPECT_EQ(got.settings.at("server.host").text, "::1");
  const auto v = load(got, {}, {});
  ASSERT_TRUE(v) << v.error().message;
  EXPECT_EQ(v->text("log.level"), "debug");
}

TEST(config_flags, set_reaches_every_option_and_may_be_repeated) {
  const auto got = parsed({"--set", "database.pool.size=5", "--set", "log.file=a=b"});
  EXPECT_EQ(got.settings.at("database.pool.size").text, "5");
  EXPECT_EQ(got.settings.at("log.file").text, "a=b");
}

TEST(config_flags, a_pair_without_a_value_is_refused) {
  EXPECT_THROW(parsed({"--set", "database.pool.size"}), CLI::ParseError);
  EXPECT_THROW(parsed({"--no-such-flag"}), CLI::ParseError);
}

TEST(config_flags, help_shows_each_flag_once) {
  CLI::App app;
  command_line out;
  add_flags(app, out);
  const auto help = app.help();
  for (const auto& o : table()) {
    if (!o.flag.empty()) {
      EXPECT_NE(help.find(o.flag), std::string::npos) << o.flag;
    }
  }
}

TEST(config_flags, help_says_each_thing_to_its_end) {
  CLI::App app;
  command_line out;
  add_flags(app, out);
  EXPECT_NE(app.help().find("postgresql://user:password@host:port/name, or libpq's key=value form"), std::string::npos)
      << app.help();
}

}  // namespace
}  // namespace quorate::config
