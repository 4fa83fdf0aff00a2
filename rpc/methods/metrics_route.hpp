// SPDX-License-Identifier: MIT
#pragma once

#include "rpc/methods/health.hpp"

namespace quorate::rpc::methods {

/// /metrics: the process' own metrics, and Studio's three gauges for autoscalers (docs/spec/json-rpc.md §3.1). Without
/// the database the former are served still, with genlayer_metrics_error 1 in place of the latter: that is when they
/// matter.
route make_metrics_route(const services& with);

}  // namespace quorate::rpc::methods
