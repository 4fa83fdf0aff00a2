// SPDX-License-Identifier: MIT
#include "config/generate.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "chain/json.hpp"
#include "config/load.hpp"
#include "tests/common/paths.hpp"

namespace quorate::config {
namespace {

std::string content(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

TEST(config_generate, files_in_the_tree_are_fresh) {
  for (const auto& [path, expected] : generated_files()) {
    EXPECT_TRUE(content(tests::source_dir() / path) == expected) << path << " is stale: run ./dev format";
  }
}

TEST(config_generate, the_sample_can_be_loaded_as_it_is_and_with_every_option_switched_on) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("quorate-sample-" + std::to_string(::getpid()));
  for (const bool switched_on : {false, true}) {
    std::istringstream in(sample_file());
    std::ofstream out(file);
    int options = 0;
    for (std::string line; std::getline(in, line);) {
      const bool option_line = line.size() > 1 && line[0] == '#' && line[1] != ' ';
      options += option_line ? 1 : 0;
      out << (switched_on && option_line ? line.substr(1) : line) << '\n';
    }
    out.close();
    const auto v = load({}, {}, file);
    ASSERT_TRUE(v) << v.error().message;
    EXPECT_EQ(options, static_cast<int>(table().size()));
    const auto same = compare(values(), *v);
    EXPECT_TRUE(same.reloadable.empty() && same.needs_restart.empty());
    for (const auto& o : table()) {
      EXPECT_EQ(v->at(o.key).from, switched_on ? source::file : source::fallback) << o.key;
    }
  }
  std::filesystem::remove(file);
}

values with_secrets() {
  auto v = load(
      {}, {{"ADMIN_API_KEY", "hunter2"}, {"DATABASE_URL", "postgresql://u:hunter2@h:1/d"}, {"DATABASE_POOL_SIZE", "7"}},
      {});
  return v.value();
}

TEST(config_generate, print_shows_sources_and_hides_secrets) {
  const auto text = print(with_secrets());
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_NE(text.find("rpc.admin_api_key = \"***\""), std::string::npos);
  EXPECT_NE(text.find("database.url = \"postgresql://u:***@h:1/d\""), std::string::npos);
  EXPECT_NE(text.find("# $DATABASE_POOL_SIZE"), std::string::npos);
  EXPECT_NE(text.find("database.pool.max_overflow = 30 "), std::string::npos);
}

TEST(config_generate, json_form_is_valid_and_hides_secrets) {
  const auto text = print_json(with_secrets());
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  const auto parsed = nlohmann::json::parse(text);
  EXPECT_EQ(parsed.size(), table().size());
  EXPECT_EQ(parsed.at("database.pool.size").at("value"), 7);
  EXPECT_EQ(parsed.at("database.pool.size").at("source"), "environment");
  EXPECT_EQ(parsed.at("database.pool.timeout").at("value"), "30s");
}

TEST(config_generate, what_is_printed_can_be_read_back) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("quorate-print-" + std::to_string(::getpid()));
  std::ofstream(file) << print(values());
  const auto v = load({}, {}, file);
  std::filesystem::remove(file);
  ASSERT_TRUE(v) << v.error().message;
  const auto same = compare(values(), *v);
  EXPECT_TRUE(same.reloadable.empty() && same.needs_restart.empty());
}

TEST(config_generate, help_names_every_option) {
  const auto help = help_text();
  for (const auto& o : table()) EXPECT_NE(help.find(o.key), std::string::npos) << o.key;
}

}  // namespace
}  // namespace quorate::config
