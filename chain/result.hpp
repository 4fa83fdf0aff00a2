// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace quorate {

/// Why something could not be done. One list from the database to the socket; rpc/error_codes.cpp maps each entry to
/// its JSON-RPC code and default message (docs/spec/json-rpc.md §2.4, docs/spec/decisions.md).
enum class errc : std::uint8_t {
  parse_error,           // -32700
  invalid_request,       // -32600
  method_not_found,      // -32601
  invalid_params,        // -32602
  internal,              // -32603, the details go to the log only
  engine_failed,         // -32603, in words for the client: a contract could not be run, or has no schema
  application,           // -32000, refused by a rule of the application
  not_found,             // -32001
  no_validators,         // -32002
  call_rate_limited,     // -32005
  server_busy,           // -32006, load was shed
  pool_exhausted,        // -32007, waited for a connection until the deadline
  database_unavailable,  // -32008, PostgreSQL cannot be reached, or the outcome of a commit is unknown
  query_timeout,         // -32009, a connection was there, the work on it was too slow
  rate_limited,          // -32029
  queue_full,            // -32030
  conflict,              // serialization failure or deadlock; retried by the session, -32008 when it persists
  duplicate,             // a unique key exists already; callers turn it into their own answer
  cancelled,             // the requester left; nobody reads this answer
};

/// An error travels as a value. `message` may be shown to a client; `data` is JSON text (or empty) for the error
/// object's `data` member; `detail` is for the log and never leaves the process.
struct error {
  errc code = errc::internal;
  std::string message;
  std::string data;
  std::string detail;
};

template <class T>
using result = tl::expected<T, error>;
using status = result<void>;

/// `return fail(errc::not_found, "Transaction not found");` in any function that returns a result.
inline tl::unexpected<error> fail(errc code, std::string message, std::string data = {}, std::string detail = {}) {
  return tl::unexpected<error>{error{code, std::move(message), std::move(data), std::move(detail)}};
}

}  // namespace quorate
