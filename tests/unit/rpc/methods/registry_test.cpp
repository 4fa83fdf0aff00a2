// SPDX-License-Identifier: MIT
#include "tests/unit/rpc/methods/on_postgres.hpp"

/// The registry of models, from parameters to rows and back.
namespace quorate::rpc::methods::tests {
namespace {

class registry_methods : public methods_on_postgres<registry_methods> {
 public:
  static constexpr auto name = "registry_methods";

 protected:
  static json model(const std::string& named, const std::string& key = "SOME_KEY") {
    return {{"provider", "openai"},
            {"model", named},
            {"plugin", "openai-compatible"},
            {"config", {{"temperature", 1}}},
            {"plugin_config", {{"api_key_env_var", key}, {"api_url", nullptr}}}};
  }
  std::string refusal(const std::string& method, std::vector<json> params) {
    const auto got = call(method, std::move(params));
    if (got) return *got;
    EXPECT_EQ(got.error().code, errc::invalid_params);
    return got.error().message;
  }
};

TEST_F(registry_methods, a_model_is_added_listed_changed_and_taken_out) {
  EXPECT_EQ(answer("sim_getProvidersAndModels"), json::array());
  const auto id = answer("sim_addProvider", {model("a")});
  auto expected = model("a");
  expected.update({{"id", id}, {"is_available", true}, {"is_model_available", false}, {"is_default", false}});
  EXPECT_EQ(answer("sim_getProvidersAndModels"), json::array({expected}));

  EXPECT_EQ(answer("sim_updateProvider", {id, model("b", "OTHER_KEY")}), nullptr);
  EXPECT_EQ(answer("sim_getProvidersAndModels")[0]["model"], "b");
  EXPECT_EQ(answer("sim_updateProvider", {id.get<int>() + 1, model("c")}), nullptr) << "nobody's id";
  EXPECT_EQ(answer("sim_deleteProvider", {id.get<int>() + 1}), nullptr);
  EXPECT_EQ(answer("sim_getProvidersAndModels")[0]["model"], "b");
  EXPECT_EQ(answer("sim_deleteProvider", {id}), nullptr);
  EXPECT_EQ(answer("sim_getProvidersAndModels"), json::array());
}

TEST_F(registry_methods, a_model_is_there_when_its_key_is) {
  answer("sim_addProvider", {model("a")});
  answer("sim_addProvider", {model("b", "OTHER_KEY")});
  auto keyless = model("c");
  keyless["provider"] = keyless["plugin"] = "ollama";
  keyless["config"] = chain::parse_json(with.defaults->find("ollama", "llama3")->config).value();
  keyless["plugin_config"] = {{"api_url", "http://ollama:1"}};
  answer("sim_addProvider", {keyless});
  keys = {"OTHER_KEY"};
  std::string flags;
  for (const auto& one : answer("sim_getProvidersAndModels")) {
    EXPECT_EQ(one["is_available"], true);
    flags += one["is_model_available"] == true ? 'y' : 'n';
  }
  EXPECT_EQ(flags, "nyy") << "who names no key needs none";
}

TEST_F(registry_methods, a_key_is_nobody_elses) {
  const std::string taken = "Invalid parameter params: there is a provider of this provider, model and plugin already";
  answer("sim_addProvider", {model("a")});
  EXPECT_EQ(refusal("sim_addProvider", {model("a")}), taken);
  const auto other = answer("sim_addProvider", {model("b")});
  EXPECT_EQ(refusal("sim_updateProvider", {other, model("a")}), taken);
}

TEST_F(registry_methods, what_breaks_a_rule_is_refused_before_any_work) {
  auto odd = model("a");
  odd["plugin_config"].erase("api_url");
  pool.labels.clear();
  const std::string missing = "Missing required parameter: params.plugin_config.api_url";
  EXPECT_EQ(refusal("sim_addProvider", {odd}), missing);
  EXPECT_EQ(refusal("sim_updateProvider", {1, odd}), missing);
  EXPECT_TRUE(pool.labels.empty());
}

TEST_F(registry_methods, reset_brings_the_defaults_back) {
  answer("sim_addProvider", {model("mine")});
  EXPECT_EQ(answer("sim_resetDefaultsLlmProviders"), nullptr);
  const auto all = answer("sim_getProvidersAndModels");
  ASSERT_EQ(all.size(), with.defaults->rows().size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i]["model"], with.defaults->rows()[i].model) << "in the order of the file";
    EXPECT_EQ(all[i]["is_default"], true);
  }
}

TEST_F(registry_methods, a_check_that_answers_late_or_short_is_no_answer_of_ours) {
  answer("sim_addProvider", {model("a")});
  with.check_models = [](const auto&, auto, const auto& done) { done({}); };
  method_table lossy;
  add_providers(lossy, with);
  std::swap(table, lossy);
  const auto got = call("sim_getProvidersAndModels");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::internal);
}

TEST_F(registry_methods, those_that_change_something_are_gated) {
  for (const auto* method :
       {"sim_resetDefaultsLlmProviders", "sim_addProvider", "sim_updateProvider", "sim_deleteProvider"})
    EXPECT_EQ(table.find(method)->gate, gate::admin) << method;
  EXPECT_EQ(table.find("sim_getProvidersAndModels")->gate, gate::open);
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
