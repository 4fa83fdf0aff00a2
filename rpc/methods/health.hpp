// SPDX-License-Identifier: MIT
#pragma once

#include "rpc/dispatcher.hpp"
#include "rpc/methods/services.hpp"

namespace quorate::rpc::methods {

using route = get_route;
using route_map = get_routes;

/// /ping, /health, /ready, /health/db, /health/memory, /health/cpu, /health/consensus, /health/ratelimit and /metrics
/// in the shapes of docs/spec/json-rpc.md §3.1, without the parts that tell of GenVM. A route that needs the database
/// asks for one short unit of work with a deadline of two seconds, shared by all who ask meanwhile.
route_map make_health_routes(const services& with);

}  // namespace quorate::rpc::methods
