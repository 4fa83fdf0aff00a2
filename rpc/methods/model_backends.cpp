// SPDX-License-Identifier: MIT
#include "rpc/methods/model_backends.hpp"

namespace quorate::rpc::methods {

namespace {

using chain::json;

json parsed_object(const std::string& text) {
  auto parsed = chain::parse_json(text);
  return parsed && parsed->is_object() ? std::move(*parsed) : json::object();
}

/// A member that is neither missing nor null.
json member_of(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found == object.end() ? json() : *found;
}

template <class Row>
json model_of_row(const Row& row) {
  return {{"provider", row.provider},
          {"model", row.model},
          {"plugin", row.plugin},
          {"config", parsed_object(row.config)},
          {"plugin_config", parsed_object(row.plugin_config)}};
}

/// Where it is asked: "host", "provider" (the plugin), "key".
json endpoint_of(const json& model) {
  const json plugin = member_of(model, "plugin"), url = member_of(member_of(model, "plugin_config"), "api_url");
  json out{{"provider", plugin.is_string() ? plugin : json("openai-compatible")},
           {"host", url.is_string() ? url : json("https://api.openai.com")}};
  if (const auto key = key_variable_of(model); !key.empty()) out["key"] = "${ENV[" + key + "]}";
  return out;
}

}  // namespace

json model_of(const db::llm_provider& model) { return model_of_row(model); }
json model_of(const db::validator_row& validator) { return model_of_row(validator); }

json backend_of(const json& model) {
  json entry{{"supports_json", true}};
  if (const json config = member_of(model, "config"); config.is_object()) {
    entry["meta"]["config"] = config;
    const json completion = member_of(config, "use_max_completion_tokens");
    if (completion.is_boolean()) entry["use_max_completion_tokens"] = completion;
  }
  json out = endpoint_of(model);
  out["enabled"] = true;
  out["models"] = {{model.at("model").get<std::string>(), std::move(entry)}};
  return out;
}

json check_config_of(const json& model) {
  json out = endpoint_of(model);
  out["model"] = model.at("model");
  return out;
}

std::string backend_name(const std::string& validator_address) { return "node-" + validator_address; }

std::string key_variable_of(const json& model) {
  const json name = member_of(member_of(model, "plugin_config"), "api_key_env_var");
  return name.is_string() ? name.get<std::string>() : std::string{};
}

}  // namespace quorate::rpc::methods
