// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "db/detail/libpq.hpp"
#include "db/notifications.hpp"

namespace quorate::db::detail {

/// Takes a fresh connection and listens on every channel of channels::.
result<std::unique_ptr<listener>> make_listener(pq_ptr<PGconn> raw);

}  // namespace quorate::db::detail
