// SPDX-License-Identifier: MIT
#include "engine/modules/reply_text.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::modules {
namespace {

TEST(reply_text, fences_are_taken_off) {
  EXPECT_EQ(without_fences("{\"a\":1}"), "{\"a\":1}");
  EXPECT_EQ(without_fences(" \n```json\n{\"a\":1}\n```\n"), "{\"a\":1}");
  EXPECT_EQ(without_fences("```\n{}\n```"), "{}");
  EXPECT_EQ(without_fences("```{}```"), "{}");
  EXPECT_EQ(without_fences("```json {}"), "{}");
  EXPECT_EQ(without_fences("text ``` more"), "text ``` more");
  EXPECT_EQ(without_fences("```"), "");
  EXPECT_EQ(without_fences(""), "");
}

TEST(reply_text, objects_only) {
  EXPECT_EQ(read_object("```json\n{\"a\":[1]}```").value().at("a").at(0), 1);
  for (const char* text : {"", "[1]", "1", "{", "{} and more", "I cannot"}) {
    const auto read = read_object(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().causes.at(0), "DESERIALIZING");
    EXPECT_EQ(read.error().ctx.at("text"), text);
  }
}

TEST(reply_text, the_result_is_a_truth_value) {
  EXPECT_EQ(read_result({{"result", true}}), true);
  EXPECT_EQ(read_result({{"result", false}}), false);
  EXPECT_EQ(read_result({{"result", "true"}}), std::nullopt);
  EXPECT_EQ(read_result(json::object()), std::nullopt);
}

}  // namespace
}  // namespace quorate::engine::modules
