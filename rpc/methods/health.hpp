// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <string>

#include "rpc/endpoint.hpp"
#include "rpc/methods/services.hpp"

namespace quorate::rpc::methods {

/// One GET path. `done` is called exactly once, at once or later, from any thread.
using route = std::function<void(std::function<void(reply)> done)>;
using route_map = std::map<std::string, route, std::less<>>;

/// /ping, /health, /ready, /health/db, /health/memory, /health/cpu, /health/consensus, /health/ratelimit and /metrics
/// in the shapes of docs/spec/json-rpc.md §3.1, without the parts that tell of GenVM. A route that needs the database
/// asks for one short unit of work with a deadline of two seconds, shared by all who ask meanwhile.
route_map make_health_routes(const services& with);

}  // namespace quorate::rpc::methods
