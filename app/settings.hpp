// SPDX-License-Identifier: MIT
#pragma once

#include "actors/contract_runs.hpp"
#include "actors/http_front.hpp"
#include "actors/loops.hpp"
#include "actors/pool/settings.hpp"
#include "actors/read_gateway.hpp"
#include "actors/web3/settings.hpp"
#include "config/values.hpp"
#include "db/pg_connector.hpp"
#include "engine/host/executor.hpp"
#include "net/node_link.hpp"
#include "net/server.hpp"
#include "rpc/methods/services.hpp"
#include "rpc/settings.hpp"

/// From the option table to the plain structs that the folders below understand. The only place that knows both sides.
namespace quorate::app {

net::server_settings server_settings_of(const config::values& v);
rpc::settings rpc_settings_of(const config::values& v);
rpc::methods::submission_rules submission_rules_of(const config::values& v);
actors::read_gateway_settings read_settings_of(const config::values& v);
actors::loop_settings loop_settings_of(const config::values& v);
actors::front_settings front_settings_of(const config::values& v);
actors::pool_settings pool_settings_of(const config::values& v);
/// Whether there is a node to forward to, and whether it is one of our own.
bool forwards(const config::values& v);
bool embeds_node(const config::values& v);
/// Where the node answers. errc::invalid_params names the option and what is wrong with it.
result<net::node_address> node_address_of(const config::values& v);
result<actors::web3::settings> web3_settings_of(const config::values& v);
/// Whether contracts are run, and whether by an engine of our own.
bool runs_contracts(const config::values& v);
bool embeds_engine(const config::values& v);
/// How the engine is spoken with; the folder for sockets is the caller's to name. errc::invalid_params names the
/// option.
result<engine::host::executor_settings> executor_settings_of(const config::values& v);
actors::contract_run_limits contract_run_limits_of(const config::values& v);
db::connect_settings connect_settings_of(const config::values& v, std::string conninfo);

}  // namespace quorate::app
