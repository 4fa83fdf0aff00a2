// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "actors/pool/pool.hpp"
#include "rpc/methods/format/json_object.hpp"

namespace quorate::rpc::methods {

/// Studio's five figures (docs/spec/json-rpc.md §12; `overflow` never negative, decisions.md Q32) and ours behind them.
json_object pool_fields(const actors::pool_snapshot& pool);
/// The answer of dev_getPoolStatus.
std::string format_pool_status(const actors::pool_snapshot& pool, std::chrono::system_clock::time_point now);
/// UTC without offset, six fractional digits: "2026-06-01T12:34:56.789012".
std::string naive_timestamp(std::chrono::system_clock::time_point when);

}  // namespace quorate::rpc::methods
