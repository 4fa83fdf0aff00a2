// SPDX-License-Identifier: MIT
#include "config/logging.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "chain/json.hpp"
#include "chain/log.hpp"

namespace quorate::config {
namespace {

class config_logging : public testing::Test {
 protected:
  ~config_logging() override {
    log::set_sink({});
    log::set_level(log::level::info);
    std::filesystem::remove_all(folder);
  }
  values settings(std::string_view level, std::string_view format) {
    values v;
    v.set("log.level", {std::string(level), source::flag, ""});
    v.set("log.format", {std::string(format), source::flag, ""});
    v.set("log.file", {(folder / "log").string(), source::flag, ""});
    return v;
  }
  std::string written(const char* name = "log") const {
    std::ostringstream out;
    out << std::ifstream(folder / name).rdbuf();
    return out.str();
  }
  std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("quorate-log-" + std::to_string(::getpid()));
};

TEST_F(config_logging, writes_one_line_per_event_from_the_level_on) {
  ASSERT_TRUE(install_logging(settings("warning", "text")));
  log::event(log::level::info, "a", "dropped");
  log::event(log::level::warning, "pool", "kept {}", {{"n", 1}});
  const auto text = written();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_NE(text.find("Z warning pool \"kept {}\" n=1\n"), std::string::npos) << text;
}

TEST_F(config_logging, json_lines_parse) {
  ASSERT_TRUE(install_logging(settings("debug", "json")));
  log::event(log::level::debug, "a", "b", {{"request_id", "r-1"}});
  EXPECT_EQ(nlohmann::json::parse(written()).at("request_id"), "r-1");
}

TEST_F(config_logging, installing_again_follows_a_rotated_file) {
  ASSERT_TRUE(install_logging(settings("info", "text")));
  log::event(log::level::info, "a", "one");
  std::filesystem::rename(folder / "log", folder / "log.1");
  ASSERT_TRUE(install_logging(settings("info", "text")));
  log::event(log::level::info, "a", "two");
  EXPECT_NE(written("log.1").find("one"), std::string::npos);
  EXPECT_EQ(written("log.1").find("two"), std::string::npos);
  EXPECT_NE(written().find("two"), std::string::npos);
}

TEST_F(config_logging, a_file_that_cannot_be_opened_is_an_error_and_changes_nothing) {
  ASSERT_TRUE(install_logging(settings("info", "text")));
  auto bad = settings("info", "text");
  bad.set("log.file", {folder.string(), source::flag, ""});  // a directory
  const auto failed = install_logging(bad);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("log.file"), std::string::npos);
  log::event(log::level::info, "a", "still here");
  EXPECT_NE(written().find("still here"), std::string::npos);
}

}  // namespace
}  // namespace quorate::config
