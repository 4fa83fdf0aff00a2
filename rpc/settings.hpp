// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "chain/json.hpp"

namespace quorate::rpc {

/// What the JSON-RPC side needs to know; app fills it from the configuration.
struct settings {
  std::uint64_t chain_id = 61127;                  // eth_chainId, net_version
  bool hosted = false;                             // docs/spec/json-rpc.md §6
  std::string admin_api_key;                       // empty: none
  std::chrono::milliseconds call_timeout{30'000};  // from the arrival of a call to its answer
  std::size_t batch_limit = 100;                   // entries of one batch
  std::size_t in_flight_limit = 4000;              // calls in work at once, over all sockets; enforced by actors::front
  chain::json_limits json;                         // of a request's body
  std::size_t socket_topics = 1000;                // rooms and subscriptions of one WebSocket
};

}  // namespace quorate::rpc
