// SPDX-License-Identifier: MIT
#include "chain/log.hpp"

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "chain/json.hpp"

namespace quorate::log {
namespace {

/// Collects lines until destroyed.
struct captured {
  captured() {
    set_sink([this](const record& r) {
      text.push_back(to_text(r));
      json.push_back(to_json(r));
    });
  }
  ~captured() {
    set_sink({});
    set_level(level::info);
  }
  captured(const captured&) = delete;
  captured& operator=(const captured&) = delete;

  std::vector<std::string> text;
  std::vector<std::string> json;
};

std::string after_time(const std::string& line) { return line.substr(line.find(' ') + 1); }

TEST(log, writes_level_component_message_and_fields_on_one_line) {
  captured lines;
  event(level::warning, "pool", "connect failed",
        {{"attempt", 3}, {"error", "no route\nto host"}, {"retry", true}, {"wait_ms", std::chrono::seconds(2)}});
  ASSERT_EQ(lines.text.size(), 1u);
  EXPECT_EQ(after_time(lines.text[0]),
            "warning pool \"connect failed\" attempt=3 error=\"no route\\nto host\" retry=true wait_ms=2000");
}

TEST(log, json_form_keeps_types_and_is_valid_json) {
  captured lines;
  event(level::error, "rpc", "failed",
        {{"count", 7}, {"share", 0.5}, {"text", "a\"b\\c\x01"}, {"bad", std::numeric_limits<double>::infinity()}});
  ASSERT_EQ(lines.json.size(), 1u);
  const auto parsed = nlohmann::json::parse(lines.json[0]);
  EXPECT_EQ(parsed.at("level"), "error");
  EXPECT_EQ(parsed.at("component"), "rpc");
  EXPECT_EQ(parsed.at("count"), 7);
  EXPECT_EQ(parsed.at("share"), 0.5);
  EXPECT_EQ(parsed.at("text"), "a\"b\\c\x01");
  EXPECT_EQ(parsed.at("bad"), "inf");
}

TEST(log, time_is_utc_with_milliseconds) {
  const record r{
      std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'042)), level::info, "a", "b", {}};
  EXPECT_EQ(to_text(r), "2023-11-14T22:13:20.042Z info a \"b\"");
}

TEST(log, drops_records_below_the_level) {
  captured lines;
  event(level::debug, "a", "dropped");
  set_level(level::debug);
  event(level::debug, "a", "kept");
  set_level(level::off);
  event(level::error, "a", "dropped too");
  ASSERT_EQ(lines.text.size(), 1u);
  EXPECT_EQ(after_time(lines.text[0]), "debug a \"kept\"");
}

TEST(log, secrets_never_reach_the_sink) {
  captured lines;
  event(level::info, "db", "using postgresql://u:hunter2@h/d",
        {{"admin_key", "hunter2"}, {"url", "postgresql://u:hunter2@h/d"}, {"private_key", "0xhunter2"}});
  ASSERT_EQ(lines.text.size(), 1u);
  EXPECT_EQ(lines.text[0].find("hunter2"), std::string::npos) << lines.text[0];
  EXPECT_EQ(lines.json[0].find("hunter2"), std::string::npos) << lines.json[0];
}

TEST(log, may_be_called_from_many_threads_while_the_sink_is_replaced) {
  std::atomic<int> seen{0};
  set_sink([&](const record&) { ++seen; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) event(level::info, "t", "x", {{"i", i}});
    });
  }
  for (int i = 0; i < 50; ++i) set_sink([&](const record&) { ++seen; });
  for (auto& t : threads) t.join();
  set_sink({});
  EXPECT_EQ(seen.load(), 800);
}

}  // namespace
}  // namespace quorate::log
