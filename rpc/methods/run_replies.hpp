// SPDX-License-Identifier: MIT
#pragma once

#include "actors/contract_runs.hpp"
#include "actors/request.hpp"
#include "db/rows.hpp"
#include "rpc/method.hpp"

/// What the methods that run contracts share.
namespace quorate::rpc::methods {

/// errc::engine_failed: this server was started without an engine.
tl::unexpected<error> no_engine();
/// errc::not_found, in the words of every method that looks for a contract.
tl::unexpected<error> no_contract(const std::string& address);
/// errc::engine_failed of an internal error, which is the engine's failure and not the contract's.
tl::unexpected<error> engine_failure(const engine::host::run_result& outcome);

/// The host_data of a run (docs/spec/genvm.md §1.2): whose models it asks, and what answers in their place. `model` is
/// a sim_config's, null without.
json host_data_of(const std::optional<db::validator_row>& validator, const json& model);
/// The node_config of a receipt; without the private key (decisions.md Q15).
json node_config_of(const std::optional<db::validator_row>& validator);

/// Runs in the call's request actor, which is answered by what `finish` makes of the result. The run is stopped when
/// the call ends before.
void start_run(actors::contract_runs& runs, actors::request_context& context, engine::host::run_request request,
               actors::contract_runs::known_accounts known,
               std::function<result<json_text>(const engine::host::run_result&)> finish);

}  // namespace quorate::rpc::methods
