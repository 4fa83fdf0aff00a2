// SPDX-License-Identifier: MIT
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

/// Owners for libpq's handles. libpqxx 6 offers neither a connect deadline in milliseconds, nor a cancel handle that
/// another thread may use, nor the tag of a COMMIT; those few steps talk to libpq directly, the statements stay with
/// libpqxx.
namespace quorate::db::detail {

struct pq_deleter {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  void operator()(PGresult* answer) const noexcept { PQclear(answer); }
  void operator()(PGcancel* handle) const noexcept { PQfreeCancel(handle); }
  void operator()(PGnotify* notice) const noexcept { PQfreemem(notice); }
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
template <class T>
using pq_ptr = std::unique_ptr<T, pq_deleter>;

/// What a glance at an idle connection's socket shows, without a system call that waits.
enum class line_state {
  quiet,    // nothing to read: as it should be between statements
  closed,   // end of file, an error, or the first byte of an error message: the server has hung up
  talking,  // something else arrived (a notice, a changed parameter, an encrypted record)
};
line_state look(int socket) noexcept;

/// libpq's last words on this connection, in one line.
std::string last_words(const PGconn* connection);

}  // namespace quorate::db::detail
