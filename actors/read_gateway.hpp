// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "actors/metrics.hpp"
#include "actors/pool/pool.hpp"
#include "actors/reads.hpp"
#include "actors/supervisor.hpp"
#include "actors/telemetry.hpp"

namespace quorate::actors {

struct read_gateway_settings {
  /// False: every read is a job of its own. Only for measuring what coalescing brings.
  bool coalesce = true;
  /// Leases at once for one kind of read; more than one only when one statement cannot hold what waits of it. Kinds
  /// have leases apart, so that none waits behind the statement of another.
  std::size_t in_flight = 1;
  std::size_t batch_limit = 256;      // reads in one statement
  std::size_t large_batch_limit = 8;  // of a kind whose rows can be megabytes (db::is_large)
  std::size_t queue_limit = 2000;     // reads that wait; one more is refused with errc::server_busy
  /// After this long a lease goes back to the pool even when reads wait, and the gateway queues for the next like
  /// everybody else.
  duration max_hold = std::chrono::milliseconds{20};
  duration sweep = std::chrono::milliseconds{250};  // how late a read's own deadline may be noticed
};

/// One statement for many keys; db::read_many outside of tests.
using read_statement = std::function<result<db::read_results>(db::transaction&, const db::read_keys&)>;

/// Reads that wait at the same moment travel as one `= ANY($1)` statement (docs/design.md §2).
///
/// No read is ever a message. It is put into an inbox under a mutex; the first one asks the pool for a lease, and what
/// runs on that lease takes whatever waits *by the time the connection's thread gets to it*, answers from that thread,
/// and takes again until nothing waits. A lone read goes at once and nothing is ever held back, yet under load a batch
/// gathers all that arrived during the one before ("natural" group commit) without a single thread being woken for it.
/// Each statement begins after the reads in it arrived, so every answer is fresh. Kinds do not wait for each other: a
/// kind that waits while only others travel gets a lease of its own. The actor only looks after deadlines.
class read_gateway final : public reads {
 public:
  read_gateway(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
               read_gateway_settings settings, read_statement statement = db::read_many);
  ~read_gateway() override;

  /// For the supervisor.
  child_spec child();

  /// `done` is called once, from any thread, mostly a connection's and inside its lease: it must be cheap and must not
  /// block.
  void read(pending_read one) override;

  struct shared;  // detail

 private:
  std::shared_ptr<shared> shared_;
  caf::actor_system& system_;
  telemetry& figures_;
};

}  // namespace quorate::actors
