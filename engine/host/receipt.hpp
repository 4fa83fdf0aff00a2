// SPDX-License-Identifier: MIT
#pragma once

#include "engine/host/contract_state.hpp"

namespace quorate::engine::host {

/// Who ran it, and what it was given: the parts of a receipt that the result does not have.
struct receipt_context {
  bool is_leader = true;
  chain::bytes calldata{};
  chain::json node_config = chain::json::object();
  std::chrono::milliseconds processing_time{0};
};

/// A Receipt (docs/spec/json-rpc.md §9.3). `after` is the contract's accepted state with the changes of a run that
/// returned.
chain::json make_receipt(const run_result& outcome, const receipt_context& context, const contract_state& after);

/// `pending_transactions` of a receipt: what a run sent. Events are not among them.
chain::json pending_transactions(const chain::calldata_array& emissions);

}  // namespace quorate::engine::host
