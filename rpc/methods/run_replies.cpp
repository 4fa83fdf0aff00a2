// SPDX-License-Identifier: MIT
#include "rpc/methods/run_replies.hpp"

#include "chain/keccak.hpp"
#include "engine/host/failure.hpp"
#include "rpc/methods/model_backends.hpp"
#include "rpc/methods/services.hpp"

namespace quorate::rpc::methods {

namespace {

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

tl::unexpected<error> no_contract(const std::string& address) {
  return fail(errc::not_found, "Contract " + address + " not found", data_of("contract_address", address));
}

tl::unexpected<error> engine_failure(const engine::host::run_result& outcome) {
  const auto why = engine::host::classify(outcome);
  const json data{{"error_code", why.code}, {"raw_error", why.raw}, {"stderr", outcome.standard_error}};
  return fail(errc::engine_failed, "The contract could not be run: " + why.code, chain::dump_json(data));
}

json host_data_of(const std::optional<db::validator_row>& validator, const json& model) {
  const auto address = validator ? validator->address.value_or("") : std::string{};
  json out{{"studio_llm_id", backend_name(address)}, {"node_address", address}, {"tx_id", "0x" + std::string(64, '0')}};
  const json asked = model.is_null() && validator ? model_of(*validator) : model;
  if (asked.is_null()) return out;
  // A model that a call brings along has a name of its own, so that it takes nobody's place.
  if (!model.is_null()) {
    const auto hash = chain::sha256(chain::as_bytes(chain::dump_json(model)));
    out["studio_llm_id"] = "sim-" + chain::to_hex(chain::bytes_view{hash}.first(16));
  }
  out["backends"] = {{out["studio_llm_id"].get<std::string>(), backend_of(asked)}};
  const auto plugin_config = asked.find("plugin_config");
  if (plugin_config != asked.end() && plugin_config->is_object()) take_mocks(*plugin_config, out);
  return out;
}

json node_config_of(const std::optional<db::validator_row>& validator) {
  if (!validator) return json::object();
  json model = model_of(*validator);
  model["fallback_validator"] = nullptr;
  return {{"address", validator->address ? json(*validator->address) : json(nullptr)},
          {"private_key", nullptr},
          {"stake", validator->stake},
          {"primary_model", std::move(model)},
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
