// SPDX-License-Identifier: MIT
#include "rpc/methods/model_check.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc::methods {
namespace {

using chain::json;
using std::chrono::milliseconds;

db::llm_provider model(const std::string& name, const std::string& key) {
  return {"p", name, "ollama", "{}",
          chain::dump_json(key.empty() ? json{{"api_url", "http://h"}}
                                       : json{{"api_url", "http://h"}, {"api_key_env_var", key}})};
}

bool has_key(const std::string& name) { return name == "SET"; }

/// An engine that says the same each time, and what it was asked.
struct engine {
  result<json> answer = json::array();
  std::vector<json> asked{};
  milliseconds limit{};
  ask_models asker() {
    return [this](json request, milliseconds most, const std::function<void(result<json>)>& done) {
      asked.push_back(std::move(request));
      limit = most;
      done(answer);
    };
  }
};

std::vector<bool> flags_of(const model_check& check, std::vector<db::llm_provider> models,
                           actors::clock::duration left = std::chrono::seconds{10}) {
  std::vector<bool> out;
  int calls = 0;
  check(std::move(models), actors::clock::now() + left, [&](std::vector<bool> flags) {
    out = std::move(flags);
    ++calls;
  });
  EXPECT_EQ(calls, 1);
  return out;
}

json available(int place, bool yes) { return {{"config_index", place}, {"prompt_index", 0}, {"available", yes}}; }

TEST(model_check, asks_nobody_by_environment) {
  EXPECT_EQ(flags_of(check_by_environment(has_key), {model("a", "SET"), model("b", "UNSET"), model("c", "")}),
            (std::vector{true, false, true}));
}

TEST(model_check, asks_those_that_have_a_key_or_need_none) {
  engine of;
  of.answer = json::array({available(1, true), available(0, false)});
  EXPECT_EQ(flags_of(check_by_asking(of.asker(), has_key), {model("a", "UNSET"), model("b", "SET"), model("c", "")}),
            (std::vector{false, false, true}));
  ASSERT_EQ(of.asked.size(), 1u);
  EXPECT_EQ(of.asked[0].at("configs"),
            (json{{{"host", "http://h"}, {"provider", "ollama"}, {"model", "b"}, {"key", "${ENV[SET]}"}},
                  {{"host", "http://h"}, {"provider", "ollama"}, {"model", "c"}}}));
  EXPECT_EQ(of.asked[0].at("test_prompts").size(), 1u);
  EXPECT_LT(of.limit, std::chrono::seconds{10});
}

TEST(model_check, asks_the_engine_nothing_when_no_model_can_answer) {
  engine of;
  EXPECT_EQ(flags_of(check_by_asking(of.asker(), has_key), {model("a", "UNSET")}), std::vector{false});
  EXPECT_EQ(flags_of(check_by_asking(of.asker(), has_key), {}), std::vector<bool>{});
  EXPECT_TRUE(of.asked.empty());
}

TEST(model_check, takes_rubbish_for_silence) {
  engine of;
  of.answer = json{{"available", true}};
  const std::vector models{model("a", "SET"), model("b", "SET")};
  EXPECT_EQ(flags_of(check_by_asking(of.asker(), has_key), models), (std::vector{false, false}));
  of.answer = json::array({1,
                           available(2, true),
                           available(-1, true),
                           {{"config_index", "0"}, {"available", true}},
                           {{"available", true}},
                           {{"config_index", 1}, {"available", "yes"}}});
  EXPECT_EQ(flags_of(check_by_asking(of.asker(), has_key), models), (std::vector{false, false}));
}

TEST(model_check, goes_by_the_environment_when_the_engine_cannot_be_asked) {
  engine of;
  of.answer = fail(errc::internal, "The engine cannot be reached");
  EXPECT_EQ(flags_of(check_by_asking(of.asker(), has_key), {model("a", "SET"), model("b", "UNSET")}),
            (std::vector{true, false}));
}

}  // namespace
}  // namespace quorate::rpc::methods
