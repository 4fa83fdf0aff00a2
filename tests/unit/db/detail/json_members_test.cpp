// SPDX-License-Identifier: MIT
#include "db/detail/json_members.hpp"

#include <gtest/gtest.h>

namespace quorate::db::detail {
namespace {

using members = std::vector<std::pair<std::string, std::string>>;

/// Fed in pieces of `size`; empty optional: malformed.
std::optional<members> split(std::string_view text, std::size_t size) {
  members found;
  json_members splitter{[&](std::string_view key, std::string_view value) -> status {
    found.emplace_back(key, value);
    return {};
  }};
  for (std::size_t from = 0; from < text.size(); from += size) {
    if (!splitter.feed(text.substr(from, size))) return std::nullopt;
  }
  if (!splitter.finish()) return std::nullopt;
  return found;
}

TEST(json_members, splits_an_object_wherever_the_pieces_end) {
  constexpr std::string_view text =
      R"( { "a\"}" : {"x": [1, "]}", {"y": "\\"}]} ,"b":12345678901234567890.5 , "c" : "}",
    "":null,"d":[] } )";
  const members expected{{R"("a\"}")", R"({"x": [1, "]}", {"y": "\\"}]})"},
                         {R"("b")", "12345678901234567890.5"},
                         {R"("c")", R"("}")"},
                         {R"("")", "null"},
                         {R"("d")", "[]"}};
  for (std::size_t size = 1; size <= text.size(); ++size) EXPECT_EQ(split(text, size), expected) << size;
}

TEST(json_members, an_empty_object_has_none) {
  EXPECT_EQ(split("{}", 1), members{});
  EXPECT_EQ(split(" { } ", 1), members{});
}

TEST(json_members, refuses_what_is_no_object) {
  for (const auto* const text : {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{,}", "{a:1}",
                                 "{\"a\":1}x", "{\"a\":1]}", "{\"a\" 1}", "{\"a\":\"}", "null"}) {
    EXPECT_EQ(split(text, 1), std::nullopt) << text;
  }
}

TEST(json_members, stops_with_its_readers_error) {
  json_members splitter{[](std::string_view, std::string_view) -> status { return fail(errc::application, "enough"); }};
  const auto done = splitter.feed(R"({"a":1,"b":2})");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "enough");
}

}  // namespace
}  // namespace quorate::db::detail
