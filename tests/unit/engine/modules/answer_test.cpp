// SPDX-License-Identifier: MIT
#include "engine/modules/answer.hpp"

#include <gtest/gtest.h>

#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

TEST(answer, has_one_member) {
  const auto good = make_answer(chain::calldata_value{"text"});
  EXPECT_FALSE(good.fatal);
  EXPECT_EQ(chain::calldata_text(good.value), R"({"ok":"text"})");
  const auto bad = make_answer(module_error{.causes = {"A", "B"}, .ctx = {{"status", 429}}, .fatal = true});
  EXPECT_TRUE(bad.fatal);
  EXPECT_EQ(chain::calldata_text(bad.value), R"({"error":{"causes":["A","B"],"ctx":{"status":429},"fatal":true}})");
}

TEST(answer, circumstances_can_always_be_encoded) {
  json deep = 1;
  for (int i = 0; i < 1000; ++i) deep = json::array({deep});
  json all = tests::parsed(R"({"a":0.70,"b":1e30,"c":123456789012345678901234567890,"d":null,"e":[true]})");
  all["bad \xff key"] = "bad \xff value";
  all["deep"] = deep;
  all["double"] = 0.5;
  const auto value = lenient_calldata(all);
  EXPECT_TRUE(chain::encode_calldata(value));
  const auto& map = std::get<chain::calldata_map>(value.held);
  EXPECT_EQ(map.at("a"), chain::calldata_value{"0.70"});
  EXPECT_EQ(map.at("double"), chain::calldata_value{"0.5"});
  EXPECT_EQ(map.at("c"), chain::calldata_value{chain::integer{"123456789012345678901234567890"}});
  EXPECT_TRUE(map.contains("bad \xEF\xBF\xBD key"));
}

}  // namespace
}  // namespace quorate::engine::modules
