// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "engine/host/contract_state.hpp"

namespace quorate::engine::host {

/// What a run can see of an account.
struct account_view {
  contract_state accepted{};
  contract_state finalized{};
  chain::integer balance = 0;  // wei
};
using account_view_ptr = std::shared_ptr<const account_view>;

/// Where accounts come from while a contract runs. Each is asked for once in an attempt, in a short unit of work: no
/// connection is held while the contract runs.
class account_source {
 public:
  using on_account = std::function<void(result<account_view_ptr>)>;
  virtual ~account_source() = default;
  /// Called on the executor's thread; `done` may be called from any, at once too. An account that does not exist is
  /// empty.
  virtual void fetch(const chain::address20& account, on_account done) = 0;
};

}  // namespace quorate::engine::host
