// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>

#include "db/detail/libpq.hpp"
#include "db/detail/waiting.hpp"
#include "db/notifications.hpp"

namespace quorate::db::detail {

/// Takes a fresh connection and listens on every channel of channels::.
result<std::unique_ptr<listener>> make_listener(pq_ptr<PGconn> raw, std::chrono::steady_clock::time_point deadline,
                                                const stop_signal& stop);

}  // namespace quorate::db::detail
