// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "actors/finality_window.hpp"
#include "actors/metrics.hpp"
#include "actors/pool/pool.hpp"
#include "actors/supervisor.hpp"
#include "actors/telemetry.hpp"
#include "db/admin.hpp"
#include "db/notifications.hpp"
#include "db/processing.hpp"
#include "db/transfers.hpp"

namespace quorate::actors {

struct loop_settings {
  std::chrono::milliseconds claim_poll{5'000};  // fallback; new transactions are heard of by notification
  std::chrono::milliseconds finalize_poll{5'000};
  std::chrono::milliseconds recover_every{60'000};
  std::size_t parallelism = 4;                    // recipients whose transactions run at the same moment
  std::size_t batch = 64;                         // candidates asked for at once
  std::size_t settle_batch = 256;                 // transfers settled by one database transaction
  std::chrono::milliseconds job_timeout{30'000};  // one unit of work, from asking for the connection to its answer
  consensus::backoff retry{std::chrono::milliseconds{50}, std::chrono::milliseconds{5'000}};
  db::processing::lease_rules leases;
  double appeal_failed_reduction = 0.2;
};

/// What the loops do to the database; db/ itself outside of tests.
struct loop_statements {
  std::function<result<db::transfers::settlement>(db::transaction&, const db::processing::lease_rules&, std::size_t,
                                                  const db::processing::window_rules&)>
      settle = db::transfers::settle;
  std::function<result<std::vector<db::processing::candidate>>(db::transaction&, const db::processing::lease_rules&,
                                                               std::size_t, const db::processing::window_rules&)>
      pending_sends = db::processing::pending_sends;
  std::function<result<db::processing::send_outcome>(
      db::transaction&, std::string_view, std::optional<std::string_view>, const db::processing::lease_rules&,
      const db::processing::window_rules&)>
      process_send = db::processing::process_send;
  std::function<result<std::vector<db::processing::candidate>>(db::transaction&, const db::processing::lease_rules&,
                                                               const db::processing::window_rules&, std::size_t)>
      finalizable = db::processing::finalizable;
  std::function<result<bool>(db::transaction&, std::string_view, std::optional<std::string_view>,
                             const db::processing::lease_rules&, const db::processing::window_rules&)>
      finalize = db::processing::finalize;
  std::function<result<db::processing::recovery_report>(db::transaction&, const db::processing::lease_rules&)> recover =
      db::processing::recover;
  std::function<result<std::optional<std::int64_t>>(db::transaction&)> stored_window = db::finality_window::get;
};

/// The background loops: settler, claimer (with one contract_queue per recipient in work), finalizer and recoverer.
/// They wake on events and poll as a fallback, hold no connection while they wait, and share the database with other
/// Quorate processes and upstream workers: every step is one transaction that tests its conditions again under
/// upstream's lock.
class loops {
 public:
  /// `unix_now`: wall clock in whole seconds, as PostgreSQL counts them; any thread.
  loops(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
        finality_window& window, loop_settings settings, std::function<std::int64_t()> unix_now,
        loop_statements statements = {});
  ~loops();

  /// For the supervisor, in their order of start.
  std::vector<child_spec> children();

  /// What the listener hears (pooling::subscription of both channels). An empty payload says that notifications may
  /// have been missed: every loop looks for itself.
  void notified(const db::notification& what);
  /// The same for a caller that may outlive the loops, as a listener thread does.
  std::function<void(const db::notification&)> hearer() const;
  /// There may be work: look now.
  void wake();
  /// This process itself has just stored another window.
  void window_changed(std::chrono::seconds now);

  struct parts;  // detail

 private:
  std::shared_ptr<parts> parts_;
};

}  // namespace quorate::actors
