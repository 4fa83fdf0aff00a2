// SPDX-License-Identifier: MIT
#include "rpc/methods/format/json_object.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc::methods {
namespace {

TEST(json_object, keeps_the_order_and_replaces_in_place) {
  json_object object;
  object.text("b", "x").number("a", std::int64_t{1}).null("c");
  object.text("b", "y");
  EXPECT_EQ(object.str(), R"({"b":"y","a":1,"c":null})");
  object.remove("a");
  object.rename("b", "z");
  EXPECT_EQ(object.str(), R"({"z":"y","c":null})");
  EXPECT_EQ(json_object{}.str(), "{}");
}

TEST(json_object, escapes_keys_and_texts) {
  json_object object;
  object.text("quo\"te", "line\nend");
  EXPECT_EQ(object.str(), R"({"quo\"te":"line\nend"})");
}

TEST(json_object, writes_every_digit) {
  const chain::integer largest = boost::multiprecision::pow(chain::integer{10}, 78) - 1;
  json_object object;
  object.number("n", largest).number("none", std::optional<chain::integer>{});
  EXPECT_EQ(object.str(), "{\"n\":" + std::string(78, '9') + ",\"none\":null}");
}

TEST(json_arrays, hold_json_or_texts) {
  EXPECT_EQ(json_array({}), "[]");
  EXPECT_EQ(json_array({"1", "null"}), "[1,null]");
  EXPECT_EQ(json_strings({"a", "b\""}), R"(["a","b\""])");
}

TEST(compact_json, drops_white_space_outside_strings_only) {
  EXPECT_EQ(compact_json("{\"a b\": [1, 2.50],\n \"c\": \"d \\\" e\"}"), R"({"a b":[1,2.50],"c":"d \" e"})");
  EXPECT_EQ(compact_json(R"({"slash": "\\", "n": 1})"), R"({"slash":"\\","n":1})");
}

}  // namespace
}  // namespace quorate::rpc::methods
