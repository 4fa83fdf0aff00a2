// SPDX-License-Identifier: MIT
#include "rpc/methods/provider_rules.hpp"

#include <gtest/gtest.h>

#include "rpc/methods/provider_defaults.hpp"

namespace quorate::rpc::methods::tests {
namespace {

using chain::json;

json parsed(const std::string& text) { return chain::parse_json(text).value(); }

/// A row that obeys every rule, for the plugin given.
json row_for(const std::string& plugin) {
  json row{{"provider", "p"},
           {"model", "m"},
           {"plugin", plugin},
           {"config", json::object()},
           {"plugin_config", {{"api_key_env_var", "KEY"}, {"api_url", nullptr}}}};
  if (plugin == "ollama")
    row["config"] = parsed(
        R"({"mirostat": 0, "mirostat_eta": 0.1, "microstat_tau": 5, "num_ctx": 2048, "num_qga": 8, "num_gpu": 0,
            "num_thread": 2, "repeat_last_n": 64, "repeat_penalty": 1.1, "temprature": 0.8, "seed": 0, "stop": "",
            "tfs_z": 1.0, "num_predict": -1, "top_k": 40, "top_p": 0.9})");
  return row;
}

/// What is said of the row, without the words that every refusal begins with; empty: nothing.
std::string said(const json& row) {
  const auto read = read_provider(row, "params");
  if (read) return {};
  EXPECT_EQ(read.error().code, errc::invalid_params);
  return read.error().message;
}

std::string said_of_config(const std::string& plugin, const std::string& members) {
  auto row = row_for(plugin);
  row["config"].update(parsed(members));
  return said(row);
}
std::string said_of_plugin_config(const std::string& plugin, const std::string& text) {
  auto row = row_for(plugin);
  row["plugin_config"] = parsed(text);
  return said(row);
}

TEST(provider_rules, let_sound_rows_pass_as_they_are) {
  for (const auto* plugin : {"openai-compatible", "ollama", "anthropic", "google", "custom"})
    EXPECT_EQ(said(row_for(plugin)), "") << plugin;
  auto row = row_for("custom");
  row["config"] = parsed(R"({"big": 123456789012345678901234567890, "temperature": 0.15, "other": [{"x": 1.5e3}]})");
  const auto read = read_provider(row, "params");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider + read->model + read->plugin, "pmcustom");
  EXPECT_EQ(parsed(read->config), row["config"]) << "no digit is lost";
  EXPECT_EQ(read->plugin_config, R"({"api_key_env_var":"KEY","api_url":null})");
}

TEST(provider_rules, name_what_is_missing_and_what_is_too_much) {
  EXPECT_EQ(said(7), "Invalid parameter params: expected an object");
  for (const auto* member : {"provider", "model", "config", "plugin", "plugin_config"}) {
    auto row = row_for("custom");
    row.erase(member);
    EXPECT_EQ(said(row), std::string{"Missing required parameter: params."} + member);
  }
  auto row = row_for("custom");
  row["is_default"] = true;
  EXPECT_EQ(said(row), "Unexpected parameter: params.is_default");
}

TEST(provider_rules, names_are_texts_that_fit_their_columns) {
  const std::string expected = "expected a string of 1 to 255 bytes without U+0000";
  for (const json& odd : {json(""), json(std::string(256, 'x')), json(std::string("a\0b", 3))}) {
    auto row = row_for("custom");
    row["model"] = odd;
    EXPECT_EQ(said(row), "Invalid parameter params.model: " + expected);
  }
  auto row = row_for("custom");
  row["provider"] = 5;
  EXPECT_EQ(said(row), "Invalid parameter params.provider: expected a string");
  row["provider"] = std::string(255, 'x');
  EXPECT_EQ(said(row), "");
}

TEST(provider_rules, a_known_provider_has_its_plugin) {
  auto row = row_for("nothing");
  EXPECT_EQ(said(row),
            "Invalid parameter params.plugin: expected one of openai-compatible, ollama, anthropic, google, custom");
  const std::pair<const char*, const char*> known[] = {{"ollama", "ollama"},
                                                       {"google", "google"},
                                                       {"anthropic", "anthropic"},
                                                       {"openai", "openai-compatible"},
                                                       {"xai", "openai-compatible"},
                                                       {"heuristai", "openai-compatible"},
                                                       {"ionet", "openai-compatible"},
                                                       {"chutesai", "openai-compatible"},
                                                       {"libertai", "openai-compatible"},
                                                       {"openrouter", "openai-compatible"}};
  for (const auto& [provider, plugin] : known) {
    auto right = row_for(plugin), wrong = row_for("custom");
    right["provider"] = wrong["provider"] = provider;
    EXPECT_EQ(said(right), "") << provider;
    EXPECT_EQ(said(wrong),
              std::string{"Invalid parameter params.plugin: expected "} + plugin + " for the provider " + provider);
  }
}

TEST(provider_rules, plugin_config_says_where_the_key_is_and_where_to_ask) {
  const std::string in = "params.plugin_config", custom = "custom", openai = "openai-compatible";
  EXPECT_EQ(said_of_plugin_config(custom, "[]"), "Invalid parameter " + in + ": expected an object");
  EXPECT_EQ(said_of_plugin_config(custom, R"({"api_url": "u"})"),
            "Missing required parameter: " + in + ".api_key_env_var");
  EXPECT_EQ(said_of_plugin_config(custom, R"({"api_key_env_var": "K"})"),
            "Missing required parameter: " + in + ".api_url");
  EXPECT_EQ(said_of_plugin_config("ollama", "{}"), "");
  for (const auto* odd : {"\"\"", "null", "7"})
    EXPECT_EQ(said_of_plugin_config(custom, std::string{R"({"api_url": "u", "api_key_env_var": )"} + odd + '}'),
              "Invalid parameter " + in + ".api_key_env_var: expected the name of an environment variable");
  EXPECT_EQ(said_of_plugin_config(custom, R"({"api_url": 7, "api_key_env_var": "K"})"),
            "Invalid parameter " + in + ".api_url: expected a string or null");
  const std::string mock = R"({"api_url": "u", "api_key_env_var": "K", "mock_response": {"response": {}}})";
  EXPECT_EQ(said_of_plugin_config(openai, mock), "");
  EXPECT_EQ(said_of_plugin_config(custom, mock), "Unexpected parameter: " + in + ".mock_response");
  EXPECT_EQ(said_of_plugin_config(openai, R"({"api_url": "u", "api_key_env_var": "K", "mock_web_response": []})"),
            "Invalid parameter " + in + ".mock_web_response: expected an object");
}

TEST(provider_rules, numbers_are_held_to_range_and_step_exactly) {
  const std::string temperature =
      "Invalid parameter params.config.temperature: expected a number from 0 to 1 in steps of 0.05";
  for (const auto* good : {"0", "0.05", "0.15", "0.35", "0.70", "1", "1.0", "7.5e-1", "1e0"})
    EXPECT_EQ(said_of_config("google", std::string{R"({"temperature": )"} + good + '}'), "") << good;
  for (const auto* bad :
       {"0.01", "0.725", "1.05", "-0.05", "1e400", "1e-400", "1e99999999999", "\"1\"", "true", "null"})
    EXPECT_EQ(said_of_config("google", std::string{R"({"temperature": )"} + bad + '}'),
              bad == std::string{"1e99999999999"}
                  ? "Invalid parameter params.config: expected no U+0000 and no number of more than 1000 digits"
                  : temperature)
        << bad;
  EXPECT_EQ(said_of_config("custom", R"({"max_tokens": 2000})"), "");
  for (const auto* bad : {"90", "2010", "105", "100.5"})
    EXPECT_EQ(said_of_config("custom", std::string{R"({"max_tokens": )"} + bad + '}'),
              "Invalid parameter params.config.max_tokens: expected an integer from 100 to 2000 in steps of 10");
  EXPECT_EQ(said_of_config("openai-compatible", R"({"use_max_completion_tokens": 1})"),
            "Invalid parameter params.config.use_max_completion_tokens: expected a boolean");
}

TEST(provider_rules, plugins_have_members_of_their_own) {
  EXPECT_EQ(said_of_config("anthropic", R"({"top_k": 2, "top_p": 0.99, "timeout": 60, "stop_sequences": ["a"]})"), "");
  EXPECT_EQ(said_of_config("anthropic", R"({"timeout": 61})"),
            "Invalid parameter params.config.timeout: expected an integer from 1 to 60");
  EXPECT_EQ(said_of_config("anthropic", R"({"stop_sequences": [1]})"),
            "Invalid parameter params.config.stop_sequences: expected an array of strings");
  EXPECT_EQ(said_of_config("custom", R"({"timeout": 61})"), "") << "nobody's rule there";
  EXPECT_EQ(said_of_config("ollama", R"({"num_ctx": 1024})"),
            "Invalid parameter params.config.num_ctx: expected one of 512, 1028, 2048, 4096");
  EXPECT_EQ(said_of_config("ollama", R"({"stop": "x"})"),
            "Invalid parameter params.config.stop: expected an empty string");
  auto row = row_for("ollama");
  row["config"].erase("top_p");
  EXPECT_EQ(said(row), "Missing required parameter: params.config.top_p");
}

TEST(provider_rules, what_no_jsonb_column_holds_is_refused_before) {
  const std::string said_so =
      "Invalid parameter params.config: expected no U+0000 and no number of more than 1000 digits";
  for (const auto* bad : {R"({"x": "\u0000"})", R"({"x\u0000": 1})", R"({"x": [{"y": 1e1001}]})"})
    EXPECT_EQ(said_of_config("custom", bad), said_so) << bad;
  EXPECT_EQ(said_of_config("custom", R"({"x": )" + std::string(1001, '9') + '}'), said_so);
  EXPECT_EQ(said_of_config("custom", R"({"x": 1e1000, "y": -1.5E-7})"), "");
}

TEST(provider_rules, members_that_come_alone_have_no_prefix) {
  const auto read =
      check_provider({.provider = "p", .model = "m", .plugin = "custom", .config = 7, .plugin_config = {}});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "Invalid parameter config: expected an object");
}

TEST(shipped_providers, are_sound_and_have_names_of_their_own) {
  const provider_defaults with_ollama{11434};
  std::set<std::string> names, plugins;
  for (const auto& one : with_ollama.rows()) {
    EXPECT_TRUE(names.insert(one.provider + '/' + one.model).second) << one.model;
    plugins.insert(one.plugin);
  }
  EXPECT_EQ(plugins, (std::set<std::string>{"openai-compatible", "ollama", "anthropic", "google"}));
}

TEST(shipped_providers, ollama_is_a_default_where_there_is_one) {
  const auto has_ollama = [](const provider_defaults& all) {
    return std::any_of(all.rows().begin(), all.rows().end(), [](const auto& one) { return one.plugin == "ollama"; });
  };
  EXPECT_FALSE(has_ollama(provider_defaults{}));
  EXPECT_TRUE(has_ollama(provider_defaults{4711}));
  EXPECT_EQ(provider_defaults{4711}.find("ollama", "llama3")->plugin_config, R"({"api_url":"http://ollama:4711"})");
  EXPECT_TRUE(provider_defaults{}.find("ollama", "llama3")) << "who asks for it by name knows better";
}

TEST(shipped_providers, lend_themselves_to_other_models) {
  const provider_defaults all;
  const auto known = all.find("openai", "gpt-5"), other = all.find("openai", "gpt-99");
  ASSERT_TRUE(known && other);
  EXPECT_NE(known->config.find("use_max_completion_tokens"), std::string::npos);
  EXPECT_EQ(other->model, "gpt-99");
  EXPECT_EQ(other->plugin_config, known->plugin_config);
  const auto nobody = all.find("nobody", "m");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, errc::invalid_params);
  EXPECT_EQ(nobody.error().message, "Invalid parameter provider: No default provider found for nobody and m");
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
