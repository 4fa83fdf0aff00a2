// SPDX-License-Identifier: MIT
#include "rpc/discover.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc {
namespace {

method_table table() {
  const auto nothing = immediate{[](const call&) -> result<json_text> { return "null"; }};
  method_table t;
  t.add({.name = "ping", .summary = "Answers OK.", .params = {}, .result_schema = nullptr, .handler = nothing});
  t.add({.name = "sim_reset",
         .summary = "Forgets.",
         .params =
             {{.name = "what", .type = param_type::address, .required = true, .fallback = nullptr, .help = "Of a|b"},
              {.name = "block", .type = param_type::block, .required = false, .fallback = "latest"}},
         .result_schema = {{"type", "boolean"}},
         .gate = gate::admin,
         .handler = nothing});
  add_discovery(t, "1.2.3");
  return t;
}

json answer(const method_table& t, std::string_view name) {
  const caller who;
  return json::parse(std::get<immediate>(t.find(name)->handler).answer({who, {}, {}}).value());
}

TEST(discover, modules_are_the_prefixes) {
  const method_table t = table();
  EXPECT_EQ(answer(t, "rpc_modules"), (json{{"rpc", "1.0"}, {"sim", "1.0"}}));
}

TEST(discover, the_document_lists_every_method_with_its_parameters) {
  const method_table moved = table();
  const json document = answer(moved, "rpc.discover");
  EXPECT_EQ(document.at("openrpc"), "1.2.6");
  EXPECT_EQ(document.at("info").at("version"), "1.2.3");
  ASSERT_EQ(document.at("methods").size(), 4u);
  const json reset = document.at("methods")[3];
  EXPECT_EQ(reset.at("name"), "sim_reset");
  ASSERT_EQ(reset.at("params").size(), 3u);
  EXPECT_EQ(reset.at("params")[0].at("required"), true);
  EXPECT_EQ(reset.at("params")[0].at("schema").at("pattern"), "^(0[xX])?[0-9a-fA-F]{40}$");
  EXPECT_EQ(reset.at("params")[1].at("schema").at("default"), "latest");
  EXPECT_EQ(reset.at("params")[2].at("name"), "admin_key");
  EXPECT_EQ(reset.at("result").at("schema").at("type"), "boolean");
  EXPECT_EQ(document.at("methods")[0].at("result").at("schema"), json::object());
}

TEST(discover, every_type_has_a_schema_and_a_name) {
  for (int i = 0; i <= static_cast<int>(param_type::block); ++i) {
    EXPECT_TRUE(schema_of(param_type(i)).is_object()) << i;
    EXPECT_FALSE(to_string(param_type(i)).empty());
  }
  EXPECT_EQ(schema_of(param_type::amount).at("oneOf").size(), 2u);
}

TEST(discover, a_method_cannot_be_there_twice) {
  method_table t = table();
  EXPECT_THROW(add_discovery(t, "1.2.3"), std::logic_error);
}

TEST(discover, the_page_has_a_section_per_method) {
  const std::string page = methods_markdown(table());
  EXPECT_NE(page.find("## `sim_reset`\n\nForgets.\n"), std::string::npos);
  EXPECT_NE(page.find("| `what` | address | required | Of a\\|b |"), std::string::npos);
  EXPECT_NE(page.find("| `block` | block | `\"latest\"` |"), std::string::npos);
  EXPECT_NE(page.find("Needs the admin key"), std::string::npos);
}

}  // namespace
}  // namespace quorate::rpc
