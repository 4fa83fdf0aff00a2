// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "db/consensus_health.hpp"
#include "rpc/methods/health.hpp"

namespace quorate::rpc::methods {

/// /health/consensus: healthy, or degraded while a contract's oldest work is stuck.
route make_consensus_route(const services& with);

std::string format_consensus_health(const db::consensus_health& seen);
/// "5m", "2h" or "3d": whole units, rounded down.
std::string elapsed_text(std::int64_t seconds);

}  // namespace quorate::rpc::methods
