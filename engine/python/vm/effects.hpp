// SPDX-License-Identifier: MIT
#pragma once

#include <set>

#include "engine/python/vm/pages.hpp"
#include "engine/python/vm/permissions.hpp"
#include "engine/python/vm/report.hpp"

namespace quorate::engine::python {

/// What a run was allowed, as the manager knows it from before the contract's code ran.
struct allowance {
  permissions may{};
  chain::integer balance = 0;
  std::set<slot_id> locked{};
};

/// A report comes from a process that a hostile contract may have taken over. So what it may do is checked once more,
/// outside of it: form and order of storage changes, locked slots, emissions and their sum. errc::invalid_params says
/// what is wrong.
status check_effects(const run_report& report, const allowance& allowed);

}  // namespace quorate::engine::python
