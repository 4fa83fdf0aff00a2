// SPDX-License-Identifier: MIT
#include "rpc/methods/run_replies.hpp"

#include "chain/keccak.hpp"
#include "engine/host/failure.hpp"

namespace quorate::rpc::methods {

namespace {

json parsed_object(const std::string& text) {
  auto parsed = chain::parse_json(text);
  return parsed && parsed->is_object() ? std::move(*parsed) : json::object();
}

/// A member that is neither missing nor null.
json member_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? json() : *found;
}

/// As the engine's language-model module takes it; the key is named, never sent.
json backend_of(const json& model) {
  const json plugin = member_of(model, "plugin"), config = member_of(model, "config");
  const json plugin_config =
      member_of(model, "plugin_config").is_object() ? member_of(model, "plugin_config") : json::object();
  json entry{{"supports_json", true}};
  if (config.is_object()) {
    entry["meta"]["config"] = config;
    const json completion = member_of(config, "use_max_completion_tokens");
    if (completion.is_boolean()) entry["use_max_completion_tokens"] = completion;
  }
  const json url = member_of(plugin_config, "api_url"), key = member_of(plugin_config, "api_key_env_var");
  json out{{"enabled", true},
           {"provider", plugin.is_string() ? plugin : json("openai-compatible")},
           {"host", url.is_string() ? url : json("https://api.openai.com")},
           {"models", {{model.at("model").get<std::string>(), std::move(entry)}}}};
  if (key.is_string()) out["key"] = "${ENV[" + key.get<std::string>() + "]}";
  return out;
}

json model_of(const db::validator_row& validator) {
  return {{"provider", validator.provider},
          {"model", validator.model},
          {"plugin", validator.plugin},
          {"config", parsed_object(validator.config)},
          {"plugin_config", parsed_object(validator.plugin_config)}};
}

void take_mocks(const json& plugin_config, json& host_data) {
  for (const char* name : {"mock_response", "mock_web_response"}) {
    const auto found = plugin_config.find(name);
    if (found != plugin_config.end() && found->is_object() && !found->empty()) host_data[name] = *found;
  }
}

}  // namespace

tl::unexpected<error> no_engine() {
  return fail(errc::engine_failed, "This server has no engine to run contracts", R"({"reason":"no_engine"})");
}

tl::unexpected<error> engine_failure(const engine::host::run_result& outcome) {
  const auto why = engine::host::classify(outcome);
  const json data{{"error_code", why.code}, {"raw_error", why.raw}, {"stderr", outcome.standard_error}};
  return fail(errc::engine_failed, "The contract could not be run: " + why.code, chain::dump_json(data));
}

json host_data_of(const std::optional<db::validator_row>& validator, const json& model) {
  const auto address = validator ? validator->address.value_or("") : std::string{};
  json out{{"studio_llm_id", "node-" + address}, {"node_address", address}, {"tx_id", "0x" + std::string(64, '0')}};
  const json asked = model.is_null() && validator ? model_of(*validator) : model;
  if (asked.is_null()) return out;
  // A model that a call brings along has a name of its own, so that it takes nobody's place.
  if (!model.is_null()) {
    const auto hash = chain::sha256(chain::as_bytes(chain::dump_json(model)));
    out["studio_llm_id"] = "sim-" + chain::to_hex(chain::bytes_view{hash}.first(16));
  }
  out["backends"] = {{out["studio_llm_id"].get<std::string>(), backend_of(asked)}};
  const json plugin_config = member_of(asked, "plugin_config");
  if (plugin_config.is_object()) take_mocks(plugin_config, out);
  return out;
}

json node_config_of(const std::optional<db::validator_row>& validator) {
  if (!validator) return json::object();
  return {{"address", validator->address ? json(*validator->address) : json(nullptr)},
          {"private_key", nullptr},
          {"stake", validator->stake},
          {"primary_model",
           {{"provider", validator->provider},
            {"model", validator->model},
            {"config", parsed_object(validator->config)},
            {"plugin", validator->plugin},
            {"plugin_config", parsed_object(validator->plugin_config)},
            {"fallback_validator", nullptr}}},
          {"secondary_model", nullptr}};
}

void start_run(actors::contract_runs& runs, actors::request_context& context, engine::host::run_request request,
               actors::contract_runs::known_accounts known,
               std::function<result<json_text>(const engine::host::run_result&)> finish) {
  auto resume = context.resumer();
  auto handle =
      runs.run(std::move(request), std::move(known), [resume, finish, &context](engine::host::run_result outcome) {
        resume([finish, &context, outcome = std::move(outcome)] { context.reply(finish(outcome)); });
      });
  // Kept by a timer of the call, which ends with it: whoever hangs up stops the run.
  context.after(std::chrono::hours{1}, [handle] {});
}

}  // namespace quorate::rpc::methods
