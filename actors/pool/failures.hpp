// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "actors/time.hpp"
#include "chain/result.hpp"

/// The pool's answers when it has no connection to give, with their `data` (docs/spec/decisions.md, "New error codes")
/// and, for the log, what a person needs to find the cause.
namespace quorate::actors::pooling {

/// What a refusal tells about the pool.
struct refusal_facts {
  std::size_t size = 0, max_overflow = 0, leased = 0, waiting = 0;
  duration timeout{};
  std::string oldest_holder;  // label, empty when nothing is leased
  duration oldest_holder_age{};
  std::string last_connect_error;
};

/// Waited for a connection until the deadline.
error pool_exhausted(const refusal_facts& facts);
/// `max_waiters` wait already.
error too_many_waiters(const refusal_facts& facts);
/// A connection was there; the work on it was not done in time.
error query_timeout(const std::string& label, duration ran);
/// Its time was over before it asked for a connection: no fault of the pool's.
error too_late();
/// `cause` goes to the log.
error database_unavailable(duration retry_after, std::string cause);
/// The pool takes no new work.
error shutting_down();
error cancelled();

}  // namespace quorate::actors::pooling
