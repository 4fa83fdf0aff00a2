// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>

#include "chain/result.hpp"
#include "rpc/methods/services.hpp"
#include "rpc/methods/shared_probe.hpp"

namespace quorate::rpc::methods {

/// What one round trip through the pool showed.
struct pool_probe {
  status served;  // an error: the pool could not serve within the deadline
  std::chrono::microseconds elapsed{0};
  actors::pool_snapshot pool;
};

inline constexpr std::chrono::seconds probe_deadline{2};

/// Leases a connection as any request does, goes to PostgreSQL and back, and takes the pool's figures.
std::shared_ptr<shared_probe<pool_probe>> make_pool_probe(const services& with);

}  // namespace quorate::rpc::methods
