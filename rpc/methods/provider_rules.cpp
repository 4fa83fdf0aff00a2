// SPDX-License-Identifier: MIT
#include "rpc/methods/provider_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "chain/utf8.hpp"

namespace quorate::rpc::methods {

namespace {

using chain::json;

constexpr std::array<std::string_view, 5> member_names{"provider", "model", "config", "plugin", "plugin_config"};
constexpr std::array<std::string_view, 5> plugins{"openai-compatible", "ollama", "anthropic", "google", "custom"};
constexpr std::size_t longest_name = 255;  // of a column

/// Providers whose models only one plugin can talk to.
constexpr std::pair<std::string_view, std::string_view> plugin_of_provider[] = {
    {"ollama", "ollama"},
    {"google", "google"},
    {"anthropic", "anthropic"},
    {"openai", "openai-compatible"},
    {"xai", "openai-compatible"},
    {"heuristai", "openai-compatible"},
    {"chutesai", "openai-compatible"},
    {"openrouter", "openai-compatible"},
    {"libertai", "openai-compatible"},
    {"ionet", "openai-compatible"},
};

enum class form { whole, hundredths, boolean, texts, choice, nothing };
/// What a known member of `config` may hold; unknown members pass.
struct config_rule {
  std::string_view name;
  form is;
  int least = 0, most = 0, step = 1;  // of numbers; those with a fraction in hundredths
  std::vector<int> choices = {};
};

const std::vector<config_rule> common_rules{
    {"temperature", form::hundredths, 0, 100, 5},
    {"max_tokens", form::whole, 100, 2000, 10},
    {"use_max_completion_tokens", form::boolean},
};
const std::vector<config_rule> anthropic_rules{
    {"temperature", form::hundredths, 0, 100, 5},
    {"max_tokens", form::whole, 100, 2000, 10},
    {"top_k", form::whole, 2, 100},
    {"top_p", form::hundredths, 50, 99},
    {"timeout", form::whole, 1, 60},
    {"stop_sequences", form::texts},
};
// Spelled as Studio spells them; all of them must be there.
const std::vector<config_rule> ollama_rules{
    {"mirostat", form::whole, 0, 2},
    {"mirostat_eta", form::hundredths, 0, 100},
    {"microstat_tau", form::hundredths, 0, 1000, 10},
    {"num_ctx", form::choice, 0, 0, 1, {512, 1028, 2048, 4096}},
    {"num_qga", form::whole, 1, 20},
    {"num_gpu", form::whole, 0, 16},
    {"num_thread", form::whole, 1, 16},
    {"repeat_last_n", form::choice, 0, 0, 1, {8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096}},
    {"repeat_penalty", form::hundredths, 100, 200, 10},
    {"temprature", form::hundredths, 0, 150, 10},
    {"seed", form::whole, 0, 1'000'000},
    {"stop", form::nothing},
    {"tfs_z", form::hundredths, 100, 200, 10},
    {"num_predict", form::choice, 0, 0, 1, {-2, -1, 32, 64, 128, 256, 512}},
    {"top_k", form::whole, 2, 100},
    {"top_p", form::hundredths, 50, 99},
};

const std::vector<config_rule>& rules_of(std::string_view plugin) {
  if (plugin == "ollama") return ollama_rules;
  return plugin == "anthropic" ? anthropic_rules : common_rules;
}

tl::unexpected<error> wrong_member(std::string_view name, std::string_view expected) {
  return fail(errc::invalid_params, fmt::format("Invalid parameter {}: expected {}", name, expected));
}
tl::unexpected<error> missing_member(std::string_view name) {
  return fail(errc::invalid_params, fmt::format("Missing required parameter: {}", name));
}
tl::unexpected<error> unexpected_member(std::string_view prefix, std::string_view name) {
  return fail(errc::invalid_params, fmt::format("Unexpected parameter: {}{}", prefix, chain::excerpt(name)));
}

bool is_one_of(const auto& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool without_nul(std::string_view text) { return text.find('\0') == std::string_view::npos; }

/// How far a number's exponent may go, and how long its text may be: numeric holds it, and nobody's model needs more.
constexpr long longest_exponent = 1000;
constexpr std::size_t longest_number = 1000;

std::pair<std::string_view, std::optional<long>> split_exponent(std::string_view token) {
  const auto at = token.find_first_of("eE");
  if (at == std::string_view::npos) return {token, 0};
  const std::string exponent{token.substr(at + 1)};
  if (exponent.size() > 6) return {token.substr(0, at), std::nullopt};
  return {token.substr(0, at), std::strtol(exponent.c_str(), nullptr, 10)};
}

bool fits_numeric(std::string_view token) {
  const auto [digits, exponent] = split_exponent(token);
  return digits.size() <= longest_number && exponent && std::labs(*exponent) <= longest_exponent;
}

/// What a jsonb column refuses: U+0000, and numbers beyond all bounds.
bool is_storable(const json& value) {
  if (value.is_string()) return without_nul(value.get_ref<const std::string&>());
  if (value.is_object()) {
    return std::all_of(value.items().begin(), value.items().end(),
                       [](const auto& one) { return without_nul(one.key()) && is_storable(one.value()); });
  }
  if (value.is_array()) return std::all_of(value.begin(), value.end(), is_storable);
  const auto token = chain::token_of(value);
  return token.empty() || fits_numeric(token);
}

/// 0.75 as 75, exactly; empty when it is no number, or has more digits behind the point.
std::optional<chain::integer> in_hundredths(const json& value) {
  if (!chain::is_number(value)) return std::nullopt;
  const std::string text = chain::dump_json(value);
  if (!fits_numeric(text)) return std::nullopt;
  const auto [digits, exponent] = split_exponent(text);
  const auto scaled = chain::parse_json(fmt::format("{}e{}", digits, *exponent + 2));
  return scaled ? chain::as_integer(*scaled) : std::nullopt;
}

bool in_steps(const std::optional<chain::integer>& number, const config_rule& rule) {
  return number && *number >= rule.least && *number <= rule.most && *number % rule.step == 0;
}

bool obeys(const json& value, const config_rule& rule) {
  switch (rule.is) {
    case form::whole: return in_steps(chain::as_integer(value), rule);
    case form::hundredths: return in_steps(in_hundredths(value), rule);
    case form::boolean: return value.is_boolean();
    case form::texts:
      return value.is_array() &&
             std::all_of(value.begin(), value.end(), [](const json& one) { return one.is_string(); });
    case form::choice: {
      const auto number = chain::as_integer(value);
      return number && std::find(rule.choices.begin(), rule.choices.end(), *number) != rule.choices.end();
    }
    case form::nothing: return value == "";
  }
  return false;
}

std::string words_of(const config_rule& rule) {
  switch (rule.is) {
    case form::whole: {
      const auto range = fmt::format("an integer from {} to {}", rule.least, rule.most);
      return rule.step == 1 ? range : fmt::format("{} in steps of {}", range, rule.step);
    }
    case form::hundredths:
      return fmt::format("a number from {:g} to {:g} in steps of {:g}", rule.least / 100.0, rule.most / 100.0,
                         rule.step / 100.0);
    case form::boolean: return "a boolean";
    case form::texts: return "an array of strings";
    case form::choice: return fmt::format("one of {}", fmt::join(rule.choices, ", "));
    case form::nothing: return "an empty string";
  }
  return "another value";
}

status check_config(std::string_view plugin, const json& config, const std::string& name) {
  if (!config.is_object()) return wrong_member(name, "an object");
  if (!is_storable(config)) return wrong_member(name, "no U+0000 and no number of more than 1000 digits");
  for (const auto& rule : rules_of(plugin)) {
    const auto at = config.find(rule.name);
    const auto full = fmt::format("{}.{}", name, rule.name);
    if (at == config.end() && plugin == "ollama") return missing_member(full);
    if (at != config.end() && !obeys(*at, rule)) return wrong_member(full, words_of(rule));
  }
  return {};
}

status check_plugin_config(std::string_view plugin, const json& config, const std::string& name) {
  if (!config.is_object()) return wrong_member(name, "an object");
  if (!is_storable(config)) return wrong_member(name, "no U+0000 and no number of more than 1000 digits");
  for (const auto* key : {"api_key_env_var", "api_url"})
    if (plugin != "ollama" && !config.contains(key)) return missing_member(fmt::format("{}.{}", name, key));
  for (const auto& [key, value] : config.items()) {
    const auto full = fmt::format("{}.{}", name, key);
    if (key == "api_key_env_var") {
      if (!value.is_string() || value.get_ref<const std::string&>().empty())
        return wrong_member(full, "the name of an environment variable");
    } else if (key == "api_url") {
      if (!value.is_string() && !value.is_null()) return wrong_member(full, "a string or null");
    } else if (plugin == "openai-compatible" && (key == "mock_response" || key == "mock_web_response")) {
      if (!value.is_object()) return wrong_member(full, "an object");
    } else {
      return unexpected_member(name + '.', key);
    }
  }
  return {};
}

status check_name(const std::string& text, const std::string& name) {
  if (!text.empty() && text.size() <= longest_name && without_nul(text)) return {};
  return wrong_member(name, fmt::format("a string of 1 to {} bytes without U+0000", longest_name));
}

status check_plugin(const provider_members& members, const std::string& prefix) {
  if (!is_one_of(plugins, members.plugin))
    return wrong_member(prefix + "plugin", fmt::format("one of {}", fmt::join(plugins, ", ")));
  for (const auto& [provider, plugin] : plugin_of_provider) {
    if (members.provider == provider && members.plugin != plugin)
      return wrong_member(prefix + "plugin", fmt::format("{} for the provider {}", plugin, provider));
  }
  return {};
}

result<db::llm_provider> checked(const provider_members& members, const std::string& prefix) {
  for (const auto& ok : {check_name(members.provider, prefix + "provider"), check_name(members.model, prefix + "model"),
                         check_plugin(members, prefix), check_config(members.plugin, members.config, prefix + "config"),
                         check_plugin_config(members.plugin, members.plugin_config, prefix + "plugin_config")}) {
    if (!ok) return tl::unexpected{ok.error()};
  }
  return db::llm_provider{.provider = members.provider,
                          .model = members.model,
                          .plugin = members.plugin,
                          .config = chain::dump_json(members.config),
                          .plugin_config = chain::dump_json(members.plugin_config)};
}

}  // namespace

result<db::llm_provider> read_provider(const json& value, std::string_view name) {
  if (!value.is_object()) return wrong_member(name, "an object");
  const auto prefix = std::string{name} + '.';
  for (const auto member : member_names)
    if (!value.contains(member)) return missing_member(prefix + std::string{member});
  for (const auto& [key, unused] : value.items())
    if (!is_one_of(member_names, key)) return unexpected_member(prefix, key);
  for (const auto* member : {"provider", "model", "plugin"})
    if (!value.at(member).is_string()) return wrong_member(prefix + member, "a string");
  return checked({.provider = value.at("provider").get<std::string>(),
                  .model = value.at("model").get<std::string>(),
                  .plugin = value.at("plugin").get<std::string>(),
                  .config = value.at("config"),
                  .plugin_config = value.at("plugin_config")},
                 prefix);
}

result<db::llm_provider> check_provider(const provider_members& members) { return checked(members, {}); }

}  // namespace quorate::rpc::methods
