// SPDX-License-Identifier: MIT
#include "rpc/gate.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc {
namespace {

settings with(std::string key, bool hosted) {
  settings s;
  s.admin_api_key = std::move(key);
  s.hosted = hosted;
  return s;
}

std::string refusal(gate g, const settings& s, std::string_view key) {
  const auto passed = pass_gate(g, s, key);
  if (passed) return {};
  EXPECT_EQ(passed.error().code, errc::application);
  EXPECT_EQ(passed.error().data, "{}");
  return passed.error().message;
}

constexpr auto wrong_key = "Invalid or missing admin key";
constexpr auto not_hosted = "Operation not available in hosted mode";

TEST(gate, open_methods_are_open_everywhere) {
  EXPECT_EQ(refusal(gate::open, with("k", true), ""), "");
  EXPECT_EQ(refusal(gate::open, with("", false), ""), "");
}

TEST(gate, admin_methods_ask_for_the_key_where_one_is_set) {
  for (const bool hosted : {false, true}) {
    EXPECT_EQ(refusal(gate::admin, with("secret", hosted), "secret"), "");
    EXPECT_EQ(refusal(gate::admin, with("secret", hosted), ""), wrong_key);
    EXPECT_EQ(refusal(gate::admin, with("secret", hosted), "secre"), wrong_key);
    EXPECT_EQ(refusal(gate::admin, with("secret", hosted), "secretx"), wrong_key);
    EXPECT_EQ(refusal(gate::admin, with("secret", hosted), "Secret"), wrong_key);
  }
}

TEST(gate, admin_methods_without_a_key_are_closed_when_hosted_only) {
  EXPECT_EQ(refusal(gate::admin, with("", true), ""), not_hosted);
  EXPECT_EQ(refusal(gate::admin, with("", true), "anything"), not_hosted);
  EXPECT_EQ(refusal(gate::admin, with("", false), ""), "");
}

TEST(gate, hosted_only_methods_ask_for_nothing_at_home) {
  EXPECT_EQ(refusal(gate::hosted_only, with("secret", false), ""), "");
  EXPECT_EQ(refusal(gate::hosted_only, with("secret", true), ""), wrong_key);
  EXPECT_EQ(refusal(gate::hosted_only, with("secret", true), "secret"), "");
  EXPECT_EQ(refusal(gate::hosted_only, with("", true), ""), not_hosted);
}

TEST(gate, comparison_tells_equal_from_different) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", ""));
  EXPECT_FALSE(equal_in_constant_time(std::string_view{"a\0b", 3}, "a"));
}

}  // namespace
}  // namespace quorate::rpc
