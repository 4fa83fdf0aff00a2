// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/rows.hpp"
#include "db/transaction.hpp"

/// What the background loops do to transactions of type SEND (docs/spec/database.md §2.2 "Native transfer", §2.11,
/// §4.3). Claims take upstream's advisory lock first and test every predicate in a fresh statement (B1, B2), so that
/// Quorate processes and upstream workers can share a database. Every step is one transaction: a crash anywhere loses
/// and doubles nothing.
namespace quorate::db::processing {

/// A contract (or recipient) with work: the oldest claimable SEND row of each, in claim order.
struct candidate {
  std::string hash;
  std::optional<std::string> to_address;  // empty: burn; all of those form one queue
};

struct lease_rules {
  std::chrono::seconds lease_timeout{30 * 60};  // TRANSACTION_TIMEOUT_MINUTES
  std::int32_t max_recoveries = 3;              // RECOVERY_MAX_CYCLES
  std::chrono::seconds stranded_after{600};     // FINALIZATION_STRANDED_TX_AFTER_SECONDS
};

struct window_rules {
  std::chrono::seconds window{30};
  double appeal_failed_reduction = 0.2;
};

/// Plain SELECT, no locks. At most one row per recipient, oldest first; rows that were never recovered before the
/// others (A17). None whose recipient is busy under a live lease, or has an older transfer that could be finalized now
/// (A15).
result<std::vector<candidate>> pending_sends(transaction& tx, const lease_rules& rules, std::size_t limit,
                                             const window_rules& window = {});

enum class send_outcome { finalized, undetermined, not_claimable };
/// Locks, re-checks, moves the money and sets the final status of one SEND row in this one transaction, with its status
/// history as upstream writes it (["PENDING","FINALIZED"]).
result<send_outcome> process_send(transaction& tx, std::string_view hash, std::optional<std::string_view> to_address,
                                  const lease_rules& rules, const window_rules& window = {});

/// Awaiting rows of type SEND whose window is over (not appealed, per-contract order).
result<std::vector<candidate>> finalizable(transaction& tx, const lease_rules& rules, const window_rules& window,
                                           std::size_t limit);
/// True: FINALIZED now.
result<bool> finalize(transaction& tx, std::string_view hash, std::optional<std::string_view> to_address,
                      const lease_rules& rules, const window_rules& window);

struct recovery_report {
  std::vector<std::string> reset, canceled, released;  // hashes
};
/// Steps 1, 1b and 2 of §4.3 for SEND rows, with the refund upstream forgot (B8).
result<recovery_report> recover(transaction& tx, const lease_rules& rules);

}  // namespace quorate::db::processing
