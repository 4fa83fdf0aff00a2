// SPDX-License-Identifier: MIT
#include "rpc/methods/run_replies.hpp"

#include "engine/host/failure.hpp"

namespace quorate::rpc::methods {

namespace {

json parsed_object(const std::string& text) {
  auto parsed = chain::parse_json(text);
  return parsed && parsed->is_object() ? std::move(*parsed) : json::object();
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
  if (model.is_null()) {
    if (validator) take_mocks(parsed_object(validator->plugin_config), out);
    return out;
  }
  out["model"] = model;
  if (const auto found = model.find("plugin_config"); found != model.end() && found->is_object())
    take_mocks(*found, out);
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
