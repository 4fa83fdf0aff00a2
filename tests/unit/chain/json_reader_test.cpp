// SPDX-License-Identifier: MIT
#include "chain/json_reader.hpp"

#include <gtest/gtest.h>

namespace quorate::chain {
namespace {

TEST(json_reader, walks_an_object_and_builds_only_what_is_asked_for) {
  json_reader reader{R"( {"id": {"b" : 1}, "params":[1,"x"], "z":[[[]]]} )", {}};
  ASSERT_EQ(reader.peek(), json_kind::object);
  std::string key;
  std::string_view id;
  json params;
  for (auto at = reader.enter(); reader.next_member(at, key);) {
    if (key == "id") {
      id = reader.skip().value();
    } else if (key == "params") {
      EXPECT_TRUE(reader.value(params));
    } else {
      EXPECT_TRUE(reader.skip());
    }
  }
  EXPECT_TRUE(reader.finish());
  EXPECT_EQ(id, R"({"b" : 1})");
  EXPECT_EQ(dump_json(params), R"([1,"x"])");
}

TEST(json_reader, skipping_checks_as_strictly_as_building) {
  for (const char* text : {"[1,]", "{\"a\":01}", "\"\xff\"", "[\"\\ud800\"]", "nulL", "[[1]"}) {
    json_reader reader{text, {}};
    EXPECT_FALSE(reader.skip()) << text;
    EXPECT_TRUE(reader.failed());
    EXPECT_FALSE(reader.failure().empty());
  }
}

TEST(json_reader, skipping_is_bounded_in_depth_but_not_in_number) {
  const std::string many = "[" + std::string(4000, ' ') + "1,1,1,1,1,1,1,1]";
  json_reader wide{many, {.depth = 2, .elements = 2}};
  EXPECT_TRUE(wide.skip());
  json_reader deep{"[[[1]]]", {.depth = 2, .elements = 100}};
  EXPECT_FALSE(deep.skip());
}

TEST(json_reader, levels_that_were_entered_count_for_the_depth) {
  json_reader reader{"[[1]]", {.depth = 1, .elements = 100}};
  auto at = reader.enter();
  ASSERT_TRUE(reader.next_entry(at));
  json inner;
  EXPECT_FALSE(reader.value(inner));
}

TEST(json_reader, nothing_is_read_behind_a_failure) {
  json_reader reader{"[} 1", {}};
  auto at = reader.enter();
  ASSERT_TRUE(reader.next_entry(at));
  json value;
  EXPECT_FALSE(reader.value(value));
  EXPECT_FALSE(reader.next_entry(at));
  EXPECT_EQ(reader.peek(), json_kind::none);
  EXPECT_FALSE(reader.skip());
  EXPECT_FALSE(reader.finish());
}

}  // namespace
}  // namespace quorate::chain
