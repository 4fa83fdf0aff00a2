// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "chain/json.hpp"
#include "db/providers.hpp"

/// What a row of the registry of models may say (docs/spec/json-rpc.md §5 "LLMProvider input object"). Every refusal is
/// errc::invalid_params and names the member, as `Invalid parameter params.config.temperature: expected …`.
namespace quorate::rpc::methods {

/// An object with exactly the five members; `name` is the parameter it came in.
result<db::llm_provider> read_provider(const chain::json& value, std::string_view name);

/// The same of members that came each in a parameter of its own.
struct provider_members {
  std::string provider, model, plugin;
  chain::json config, plugin_config;
};
result<db::llm_provider> check_provider(const provider_members& members);

}  // namespace quorate::rpc::methods
