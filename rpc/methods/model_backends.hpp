// SPDX-License-Identifier: MIT
#pragma once

#include "chain/json.hpp"
#include "db/providers.hpp"
#include "db/rows.hpp"

/// Language models in the words of the engine's module (docs/spec/genvm.md §4.2). A key is named, never sent.
namespace quorate::rpc::methods {

/// `{"provider", "model", "plugin", "config": {…}, "plugin_config": {…}}`, as in a sim_config.
chain::json model_of(const db::llm_provider& model);
chain::json model_of(const db::validator_row& validator);

/// `{"enabled", "host", "provider", "key"?, "models": {name: {…}}}`, an entry of the module's backends.
chain::json backend_of(const chain::json& model);
/// `{"host", "provider", "model", "key"?}`, a config of `POST /llm/check`.
chain::json check_config_of(const chain::json& model);
/// What the module calls the model of a validator (docs/spec/genvm.md §4.2 "node-").
std::string backend_name(const std::string& validator_address);
/// The variable that holds the model's key; empty: it names none.
std::string key_variable_of(const chain::json& model);

}  // namespace quorate::rpc::methods
