// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "chain/payload.hpp"
#include "engine/host/contract_state.hpp"
#include "rpc/method.hpp"

namespace quorate::rpc::methods {

enum class call_type { read, write, deploy };

/// The parameter of gen_call and sim_call, checked (docs/spec/json-rpc.md §7.5).
struct call_request {
  call_type type = call_type::read;
  std::string to{};  // EIP-55
  chain::address20 contract{};
  chain::address20 sender{};
  chain::address20 origin{};
  chain::integer value = 0;
  chain::call_payload payload{};
  bool of_finalized_state = false;
  /// Given by sim_config; else the run is dated now.
  std::optional<std::string> datetime{};
  /// sim_config: {provider, model, config, plugin, plugin_config}, of the first validator that it names; null without.
  json model{};
  /// sim_config.contract_state: the contract as this says, and not as the database does.
  std::optional<engine::host::contract_state> state{};
};

/// errc::invalid_params names the member.
result<call_request> read_call(const json& params);
/// The same of an eth_call, whose sender is somebody else's to say.
result<call_request> read_ethereum_call(const json& params);

/// What the engine is asked: of a call, but for host_data.
engine::host::run_request to_run(const call_request& call, std::chrono::system_clock::time_point now);

/// 20 bytes of an address that was checked already.
chain::address20 address_bytes(std::string_view text);

}  // namespace quorate::rpc::methods
