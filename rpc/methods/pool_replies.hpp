// SPDX-License-Identifier: MIT
#pragma once

#include "actors/request.hpp"
#include "chain/json.hpp"
#include "rpc/methods/services.hpp"

namespace quorate::rpc::methods {

/// Answers the call with the pool's present figures, as dev_getPoolStatus does.
void reply_pool_status(const services& with, actors::request_context& context);
json pool_status_schema();

}  // namespace quorate::rpc::methods
