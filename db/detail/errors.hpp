// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "chain/result.hpp"
#include "db/transaction.hpp"

/// From PostgreSQL's and libpqxx's errors to ours. SQL and library text goes to `detail` only (docs/spec/decisions.md
/// Q2).
namespace quorate::db::detail {

struct failure {
  error what;
  bool broken = false;       // as outcome::broken
  bool server_gone = false;  // as outcome::server_gone
};

/// What is known about the statement that failed.
struct failure_context {
  access mode = access::read_write;
  bool link_ok = true;     // libpq still believes in the connection
  bool cancelled = false;  // session::cancel() was called during this run
};

/// By SQLSTATE; an empty one means that the server said nothing: the connection is gone.
failure classify(std::string_view sqlstate, std::string detail, const failure_context& context);

/// Of the exception in flight; call inside a catch block only.
failure classify_current_exception(const failure_context& context) noexcept;

/// COMMIT was sent and its answer is lost: errc::database_unavailable with `data` {"outcome":"unknown",
/// "retry_after_s":1}.
failure in_doubt(std::string detail);

}  // namespace quorate::db::detail
