// SPDX-License-Identifier: MIT
#include "rpc/methods/call_request.hpp"

#include <algorithm>

#include "chain/address.hpp"
#include "chain/datetime.hpp"
#include "chain/utf8.hpp"

namespace quorate::rpc::methods {

namespace {

using chain::integer;

tl::unexpected<error> bad_member(const std::string& name, std::string_view what) {
  return fail(errc::invalid_params, "params." + name + " must be " + std::string{what}, "{}");
}

/// A member that may be left out; null counts as left out.
const json* given(const json& params, const char* name) {
  const auto found = params.find(name);
  return found == params.end() || found->is_null() ? nullptr : &*found;
}

result<std::string> address_member(const json& params, const char* name, bool required = true) {
  const json* value = given(params, name);
  if (!value && !required) return std::string{};
  auto text =
      value && value->is_string() ? chain::normalize_address(value->get_ref<const std::string&>()) : std::nullopt;
  if (!text) return bad_member(name, "an address of 40 hex digits");
  return std::move(*text);
}

result<call_type> type_member(const json& params) {
  const json* value = given(params, "type");
  if (!value || !value->is_string()) return bad_member("type", "'read', 'write' or 'deploy'");
  const auto& text = value->get_ref<const std::string&>();
  if (text == "read") return call_type::read;
  if (text == "write") return call_type::write;
  if (text == "deploy") return call_type::deploy;
  return fail(errc::invalid_params, "Invalid type '" + chain::excerpt(text) + "': must be 'read', 'write', or 'deploy'",
              "{}");
}

/// A whole number of wei below 2^256: hex text, decimal text, or a JSON number.
result<integer> value_member(const json& params) {
  const json* value = given(params, "value");
  if (!value) return integer{0};
  std::optional<integer> out;
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    out = text.starts_with("0x") ? chain::parse_hex_quantity(text) : chain::parse_decimal(text);
  } else {
    out = chain::as_integer(*value);
  }
  if (!out || *out < 0 || (*out != 0 && msb(*out) >= 256))
    return bad_member("value", "a number of wei from 0 to 2^256-1");
  return std::move(*out);
}

result<chain::call_payload> payload_member(const json& params, call_type type) {
  const json* value = given(params, "data");
  if (!value || !value->is_string()) return bad_member("data", "hex");
  const auto& text = value->get_ref<const std::string&>();
  if (type == call_type::read) {
    auto calldata = chain::decode_read_data(text);
    if (!calldata) return tl::unexpected{std::move(calldata.error())};
    return chain::call_payload{{}, std::move(*calldata), chain::execution_mode::normal};
  }
  const auto bytes = chain::from_hex(text);
  if (!bytes) return bad_member("data", "hex");
  return type == call_type::deploy ? chain::decode_deploy_payload(*bytes) : chain::decode_run_payload(*bytes);
}

/// A receipt's contract_state, so that what a rehearsal left can be called without being kept. Ours alone.
status state_member(const json& config, call_request& out) {
  const json* slots = given(config, "contract_state");
  if (!slots) return {};
  constexpr const char* name = "sim_config.contract_state";
  if (out.type == call_type::deploy) return bad_member(name, "left out of a deploy");
  auto state = engine::host::contract_state::from_json(*slots);
  if (!state) return bad_member(name, "a receipt's contract_state: " + state.error().detail);
  out.state = std::move(*state);
  return {};
}

/// `{validators: [{provider, model, …}], genvm_datetime}`, or the older form with provider and model at the top.
status simulation_member(const json& params, call_request& out) {
  const json* config = given(params, "sim_config");
  if (!config) return {};
  if (!config->is_object()) return bad_member("sim_config", "an object");
  if (const json* time = given(*config, "genvm_datetime")) {
    const bool fine = time->is_string() && chain::parse_datetime(time->get_ref<const std::string&>());
    if (!fine) {
      return fail(errc::invalid_params, "Invalid sim_config.genvm_datetime: " + chain::excerpt(chain::dump_json(*time)),
                  "{}");
    }
    out.datetime = time->get<std::string>();
  }
  if (auto fine = state_member(*config, out); !fine) return fine;
  const json* model = config;
  if (const json* validators = given(*config, "validators")) {
    if (!validators->is_array()) return bad_member("sim_config.validators", "a list");
    if (validators->empty()) return {};
    model = &validators->front();
    if (!model->is_object()) return bad_member("sim_config.validators", "a list of objects");
  }
  const json *provider = given(*model, "provider"), *name = given(*model, "model");
  if (!provider && !name) return {};
  if (!provider || !name) {
    return fail(errc::invalid_params, "Both 'provider' and 'model' must be supplied together.", "{}");
  }
  if (!provider->is_string() || !name->is_string()) return bad_member("sim_config", "with provider and model as text");
  for (const char* member : {"config", "plugin_config"}) {
    const json* value = given(*model, member);
    if (value && !value->is_object()) return bad_member(std::string{"sim_config."} + member, "an object");
  }
  out.model = *model;
  return {};
}

/// What both sorts of calls have.
status read_common(const json& params, call_request& out) {
  // A deploy may go anywhere (decisions.md Q17).
  auto to = address_member(params, "to", out.type != call_type::deploy);
  if (!to) return tl::unexpected{std::move(to.error())};
  auto payload = payload_member(params, out.type);
  if (!payload) return tl::unexpected{std::move(payload.error())};
  out.contract = address_bytes(*to);
  out.to = std::move(*to);
  out.payload = std::move(*payload);
  return {};
}

}  // namespace

chain::address20 address_bytes(std::string_view text) {
  chain::address20 out{};
  if (const auto bytes = chain::from_hex(text); bytes && bytes->size() == out.size())
    std::ranges::copy(*bytes, out.begin());
  return out;
}

result<call_request> read_call(const json& params) {
  call_request out;
  const auto type = type_member(params);
  if (!type) return tl::unexpected{type.error()};
  out.type = *type;
  auto from = address_member(params, "from");
  if (!from) return tl::unexpected{std::move(from.error())};
  if (auto read = read_common(params, out); !read) return tl::unexpected{std::move(read.error())};
  auto origin = address_member(params, "origin_address", false);
  if (!origin) return tl::unexpected{std::move(origin.error())};
  auto value = value_member(params);
  if (!value) return tl::unexpected{std::move(value.error())};
  out.sender = address_bytes(*from);
  out.origin = origin->empty() ? out.sender : address_bytes(*origin);
  out.value = std::move(*value);
  const json* variant = given(params, "transaction_hash_variant");
  out.of_finalized_state = out.type == call_type::read && variant && *variant == "latest-final";
  if (auto read = simulation_member(params, out); !read) return tl::unexpected{std::move(read.error())};
  return out;
}

result<call_request> read_ethereum_call(const json& params) {
  call_request out;
  if (auto read = read_common(params, out); !read) return tl::unexpected{std::move(read.error())};
  return out;
}

engine::host::run_request to_run(const call_request& call, std::chrono::system_clock::time_point now) {
  engine::host::run_request out;
  out.message = {call.contract,
                 call.sender,
                 call.origin,
                 0,
                 call.value,
                 call.type == call_type::deploy,
                 call.datetime.value_or(chain::format_datetime(now))};
  if (call.type == call_type::read) {
    out.may = engine::host::run_permissions::view();
    out.is_sync = true;
    // A read has nobody who would lead it: it could not be non-deterministic with what others find.
    out.may.nondet = false;
  }
  if (call.type == call_type::deploy) out.code = call.payload.code;
  out.calldata = call.payload.calldata;
  return out;
}

}  // namespace quorate::rpc::methods
