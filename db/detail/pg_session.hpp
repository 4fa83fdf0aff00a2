// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>

#include "db/detail/libpq.hpp"
#include "db/session.hpp"

namespace quorate::db::detail {

/// Takes a fresh connection whose statement_timeout was set to `statement_timeout` at start-up.
result<std::unique_ptr<session>> make_session(pq_ptr<PGconn> raw, std::chrono::milliseconds statement_timeout);

}  // namespace quorate::db::detail
