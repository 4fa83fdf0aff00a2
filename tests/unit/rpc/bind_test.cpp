// SPDX-License-Identifier: MIT
#include "rpc/bind.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc {
namespace {

method demo(gate g = gate::open) {
  method m;
  m.name = "demo";
  m.params = {{.name = "a", .type = param_type::integer},
              {.name = "b", .type = param_type::string, .required = false, .fallback = "none"},
              {.name = "c", .type = param_type::any, .required = false, .fallback = 7}};
  m.gate = g;
  return m;
}

json parse(const char* text) { return chain::parse_json(text).value(); }

/// The bound values as JSON text, or the refusal's message.
std::string bound(const method& m, const char* params) {
  auto args = arrange(m, parse(params));
  if (!args) {
    EXPECT_EQ(args.error().code, errc::invalid_params);
    EXPECT_EQ(args.error().data, "");
    return args.error().message;
  }
  if (auto checked = check_types(m, *args); !checked) return checked.error().message;
  return chain::dump_json(args->values);
}

TEST(bind, by_position_and_by_name_mean_the_same) {
  EXPECT_EQ(bound(demo(), R"([1,"x",null])"), R"([1,"x",null])");
  EXPECT_EQ(bound(demo(), R"({"c":null,"a":1,"b":"x"})"), R"([1,"x",null])");
}

TEST(bind, omitted_parameters_take_their_fallback) {
  EXPECT_EQ(bound(demo(), "[1]"), R"([1,"none",7])");
  EXPECT_EQ(bound(demo(), R"({"a":1})"), R"([1,"none",7])");
}

TEST(bind, null_means_omitted_where_a_type_is_declared) {
  EXPECT_EQ(bound(demo(), "[1,null,null]"), R"([1,"none",null])");
  EXPECT_EQ(bound(demo(), "[null]"), "Invalid parameter a: expected an integer");
}

TEST(bind, refusals_name_the_parameter) {
  EXPECT_EQ(bound(demo(), "null"), "Missing required parameter: a");
  EXPECT_EQ(bound(demo(), "[]"), "Missing required parameter: a");
  EXPECT_EQ(bound(demo(), "{}"), "Missing required parameter: a");
  EXPECT_EQ(bound(demo(), R"({"a":1,"d":2})"), "Unexpected parameter: d");
  EXPECT_EQ(bound(demo(), "[1,2,3,4]"), "Too many parameters provided");
  EXPECT_EQ(bound(demo(), "5"), "Positional params require a single argument");
}

TEST(bind, one_bare_value_is_the_only_argument) {
  method m = demo();
  m.params.resize(1);
  EXPECT_EQ(bound(m, "5"), "[5]");
  EXPECT_EQ(bound(m, "\"5\""), "Invalid parameter a: expected an integer");
  m.params.clear();
  EXPECT_EQ(bound(m, "5"), "Positional params require a single argument");
  EXPECT_EQ(bound(m, "null"), "[]");
}

TEST(bind, methods_may_ignore_what_they_do_not_know) {
  method m = demo();
  m.ignore_extra_params = true;
  EXPECT_EQ(bound(m, "[1,\"x\",3,4,5]"), R"([1,"x",3])");
  EXPECT_EQ(bound(m, R"({"a":1,"d":2})"), R"([1,"none",7])");
  m.params.clear();
  EXPECT_EQ(bound(m, "\"anything\""), "[]");
}

TEST(bind, gated_methods_take_the_admin_key_last_or_by_name) {
  const method m = demo(gate::admin);
  EXPECT_EQ(arrange(m, parse(R"([1,"x",null,"key"])")).value().admin_key, "key");
  EXPECT_EQ(arrange(m, parse(R"({"a":1,"admin_key":"key"})")).value().admin_key, "key");
  EXPECT_EQ(arrange(m, parse(R"([1,"key"])")).value().admin_key, "") << "only behind the declared parameters";
  EXPECT_EQ(arrange(m, parse(R"([1,"x",null,5])")).value().admin_key, "") << "a key is text";
  EXPECT_EQ(bound(m, R"([1,"x",null,"key",5])"), "Too many parameters provided");
  EXPECT_EQ(bound(demo(), R"({"a":1,"admin_key":"key"})"), "Unexpected parameter: admin_key");
}

}  // namespace
}  // namespace quorate::rpc
