// SPDX-License-Identifier: MIT
#include "engine/modules/lua_pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quorate::engine::modules {
namespace {

using span = lua_pattern::span;

/// "begin-end", "no" or the error, so that one table says it all.
std::string found(std::string_view text, std::string_view pattern) {
  const auto result = lua_pattern{pattern}.find(text);
  if (!result) return result.error().message;
  return *result ? std::to_string((*result)->begin) + "-" + std::to_string((*result)->end) : "no";
}

TEST(lua_pattern, finds_plain_text_where_it_first_stands) {
  EXPECT_EQ(found("hello world", "o w"), "4-7");
  EXPECT_EQ(found("hello", ""), "0-0");
  EXPECT_EQ(found("", ""), "0-0");
  EXPECT_EQ(found("", "a"), "no");
  EXPECT_EQ(found("aXbX", "X"), "1-2");
  EXPECT_EQ(found("Zürich", "ü"), "1-3");
  EXPECT_EQ(found(std::string_view{"a\0b", 3}, std::string_view{"\0b", 2}), "1-3");
}

TEST(lua_pattern, classes_and_sets) {
  EXPECT_EQ(found("abc 42", "%d+"), "4-6");
  EXPECT_EQ(found("abc 42", "%D+"), "0-4");
  EXPECT_EQ(found("a_b", "%p"), "1-2");
  EXPECT_EQ(found("x \t\v y", "%s+"), "1-5");
  EXPECT_EQ(found("abcDEF", "%u%u"), "3-5");
  EXPECT_EQ(found("ABCdef", "%l+"), "3-6");
  EXPECT_EQ(found("--ff", "%x+"), "2-4");
  EXPECT_EQ(found("\x01z", "%c"), "0-1");
  EXPECT_EQ(found(" a", "%g"), "1-2");
  EXPECT_EQ(found("1.5", "%."), "1-2");
  EXPECT_EQ(found("a1Z", "%w+"), "0-3");
  EXPECT_EQ(found("xay", "[abc]"), "1-2");
  EXPECT_EQ(found("xay", "[^x]"), "1-2");
  EXPECT_EQ(found("x-y", "[a%-z]"), "1-2");
  EXPECT_EQ(found("x]y", "[]]"), "1-2");
  EXPECT_EQ(found("x]y", "[^]x]"), "2-3");
  EXPECT_EQ(found("09", "[0-9]+"), "0-2");
  EXPECT_EQ(found("-", "[a-]"), "0-1");
  EXPECT_EQ(found("b", "[%a_]"), "0-1");
  EXPECT_EQ(found("ä", "%a"), "no");
}

TEST(lua_pattern, quantifiers) {
  EXPECT_EQ(found("aaa", "a-"), "0-0");
  EXPECT_EQ(found("aaab", "a-b"), "0-4");
  EXPECT_EQ(found("aaab", "a*ab"), "0-4");
  EXPECT_EQ(found("b", "a+b"), "no");
  EXPECT_EQ(found("colour color", "colou?r"), "0-6");
  EXPECT_EQ(found("color", "colou?r"), "0-5");
  EXPECT_EQ(found("aa", "a?a?a?aa"), "0-2");
  EXPECT_EQ(found("<<a>>", "<.->"), "0-4");
  EXPECT_EQ(found("a*b", "a%*b"), "0-3");
  EXPECT_EQ(found("*a", "*a"), "0-2");
  EXPECT_EQ(found("x = 10 y", "(%w+) = (%d+)"), "0-6");
}

TEST(lua_pattern, anchors) {
  EXPECT_EQ(found("ab", "^b"), "no");
  EXPECT_EQ(found("ab", "^a"), "0-1");
  EXPECT_EQ(found("a^b", "a^b"), "0-3");
  EXPECT_EQ(found("aba", "a$"), "2-3");
  EXPECT_EQ(found("a$b", "a$b"), "0-3");
  EXPECT_EQ(found("", "^$"), "0-0");
}

TEST(lua_pattern, captures_balance_and_frontier) {
  EXPECT_EQ(found("say 'hi \" there' now", "(['\"]).-%1"), "4-16");
  EXPECT_EQ(found("aabb", "(a)%1(b)%2"), "0-4");
  EXPECT_EQ(found("abc", "()b()"), "1-2");
  EXPECT_EQ(found("f(a(b)c)d", "%b()"), "1-8");
  EXPECT_EQ(found("f(a", "%b()"), "no");
  EXPECT_EQ(found("a|b|c", "%b||"), "1-4");
  EXPECT_EQ(found("THE (quick) fox", "%f[%a]%a+%f[%A]"), "0-3");
  EXPECT_EQ(found("xthe the", "%f[%w]the"), "5-8");
  EXPECT_EQ(found("((a))", "((a))%1"), "no");
}

TEST(lua_pattern, a_mistake_counts_when_the_search_comes_to_it) {
  EXPECT_EQ(found("100%", "100%"), "malformed pattern: it ends with %");
  EXPECT_EQ(found("90", "100%"), "no");
  EXPECT_EQ(found("a", "[a"), "malformed pattern: a [ is not closed");
  EXPECT_EQ(found("a", "[a%]"), "malformed pattern: a [ is not closed");
  EXPECT_EQ(found("a", "(a"), "malformed pattern: unfinished capture");
  EXPECT_EQ(found("a", "a)"), "malformed pattern: a ) without its (");
  EXPECT_EQ(found("a", "%1"), "malformed pattern: there is no such capture");
  EXPECT_EQ(found("a", "(a%1)"), "malformed pattern: there is no such capture");
  EXPECT_EQ(found("a", "%b"), "malformed pattern: %b needs two characters");
  EXPECT_EQ(found("a", "%fa"), "malformed pattern: %f needs a set");
  std::string many;
  for (int i = 0; i < 33; ++i) many += "()";
  EXPECT_EQ(found("a", many), "malformed pattern: too many captures");
}

TEST(lua_pattern, a_search_that_goes_on_and_on_is_ended) {
  std::string pattern;
  for (int i = 0; i < 12; ++i) pattern += "a*";
  EXPECT_EQ(found(std::string(200, 'a'), pattern + "b"), "pattern too complex");
}

TEST(lua_pattern, a_long_pattern_needs_no_stack) {
  std::string pattern;
  for (int i = 0; i < 100'000; ++i) pattern += "a-";
  EXPECT_EQ(found("b", pattern + "b"), "0-1");
}

}  // namespace
}  // namespace quorate::engine::modules
