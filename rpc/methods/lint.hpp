// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "engine/host/types.hpp"

namespace quorate::rpc::methods {

/// The findings of sim_lintContract, from how a run for the contract's schema ended (docs/spec/json-rpc.md §7.4). Lines
/// and columns count from 1 and 0, as Python's.
chain::json lint_report(const engine::host::run_result& outcome, const std::string& filename);

}  // namespace quorate::rpc::methods
