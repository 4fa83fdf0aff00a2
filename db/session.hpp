// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "db/notifications.hpp"
#include "db/transaction.hpp"

/// The database layer, from the outside in:
///
/// * connector (pg_connector.hpp) makes sessions, and nothing else does. It knows the address and the start-up
/// settings.
/// * session runs a unit of work in a transaction and says honestly how it ended: committed, rolled back, unknown;
/// usable,
///   broken, or a sign that the server is gone. It retries conflicts and nothing else. Pooling is not its business.
/// * A unit of work is a plain function over a transaction. It calls the typed statements: accounts, transactions,
/// reads,
///   processing (claims, finalization, recovery), admin, and schema for what happens before any of them may run.
/// * The statements are prepared once per connection and live in one file per concern, as SQL that can be read. They
/// throw what
///   libpqxx throws; session::run() turns that into errc. Nothing above this folder sees libpqxx or libpq.
///
/// What the SQL must and must not do is docs/spec/database.md §6; the numbers A1 to A35 and B1 to B22 in comments are
/// its own.
namespace quorate::db {

struct run_options {
  access mode = access::read_write;
  /// Server-side statement_timeout for this unit of work; also stops it when the client side cannot. A single statement
  /// keeps the connection's own one: setting another would cost a second round trip, cancel() does not. Repetitions
  /// after a conflict end with it, too.
  std::chrono::milliseconds statement_timeout{30'000};
  /// Asked right before COMMIT: true means that the requester has been answered already (deadline, hang-up), so the
  /// work is rolled back instead. May be empty.
  std::function<bool()> abandoned;
};

/// What a run left behind. `value` is the unit of work's own status.
struct outcome {
  status value;
  /// The session must be destroyed, never reused (libpqxx 6 would reconnect silently).
  bool broken = false;
  /// The server went away or turned read-only (57P01, 57P02, 57P03, 08xxx, 25006): sessions opened before now are
  /// stale.
  bool server_gone = false;
};

/// One PostgreSQL connection. Used by one thread at a time, except for cancel() and abort().
class session {
 public:
  virtual ~session() = default;

  /// Runs `work` in a transaction: commits on a value, rolls back on an error or exception, repeats up to three times
  /// with jitter after a serialization failure or deadlock. Never throws.
  virtual outcome run(const run_options& options, const std::function<status(transaction&)>& work) = 0;

  /// The pre-ping: a cheap look at the socket, then one round trip. False: destroy this session.
  virtual bool ping(std::chrono::milliseconds timeout) = 0;

  /// Asks the server to cancel what runs now. Any thread; blocks until the server has the request, `patience` at most;
  /// never throws. False: it was not delivered in time and may arrive whenever it likes, so the run will end broken.
  virtual bool cancel(std::chrono::milliseconds patience) noexcept = 0;

  /// Hangs up at once, so that a run that waits for a server that will never answer (frozen, unplugged) returns,
  /// broken. Any thread; never blocks. What runs on the server is not stopped by it.
  virtual void abort() noexcept {}

  virtual int backend_pid() const = 0;
};

/// The one place that makes connections. Thread-safe.
class connector {
 public:
  virtual ~connector() = default;
  /// Blocks until connected or `timeout` is over. errc::database_unavailable with the server's words in `detail`.
  virtual result<std::unique_ptr<session>> open(std::chrono::milliseconds timeout) = 0;
  /// A connection that listens on every channel of channels::. The process holds exactly one.
  virtual result<std::unique_ptr<listener>> listen(std::chrono::milliseconds timeout) = 0;
  /// The process ends: attempts under way fail at once, and so does every later one. What is open stays open.
  virtual void stop() noexcept {}
};

}  // namespace quorate::db
