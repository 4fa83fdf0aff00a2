// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "db/detail/claim_rules.hpp"
#include "db/detail/statement.hpp"
#include "db/processing.hpp"

namespace quorate::db::processing {

namespace {

using detail::recipient;

/// What makes row `t` ready, for one kind of recipient.
std::string ready(recipient kind, const detail::rule_parameters& with) {
  return fmt::format("t.type = 0 AND {}\n    AND {}\n    AND {}\n    AND {}", detail::window_over("t", with),
                     detail::not_leased("t", with), detail::recipient_free(kind, "t", with),
                     detail::nothing_older_open(kind, "t"));
}

// At most one per recipient by itself: of two awaiting rows the younger has an older open one.
const detail::statement select_ready{
    "processing_finalizable",
    fmt::format(R"sql(
  SELECT hash, to_address FROM (
    SELECT t.hash, t.to_address, t.created_at FROM transactions t WHERE t.to_address IS NOT NULL AND {}
    UNION ALL
    SELECT t.hash, t.to_address, t.created_at FROM transactions t WHERE t.to_address IS NULL AND {}) found
  ORDER BY created_at, hash LIMIT $5::bigint)sql",
                ready(recipient::someone, {"$1", "$2", "$3", "$4"}), ready(recipient::none, {"$1", "$2", "$3", "$4"}))};

/// Parameters: $1 hash, $2 lease, $3 stranded, $4 window, $5 reduction, $6 recipient.
detail::statement finalize_of(recipient kind, std::string name) {
  return {std::move(name), fmt::format(R"sql(
  WITH claimed AS (
    SELECT t.hash FROM transactions t
    WHERE t.hash = $1 AND t.to_address {} AND {}
    FOR UPDATE OF t SKIP LOCKED),
  finished AS (
    UPDATE transactions SET
      status = 'FINALIZED', blocked_at = NULL, worker_id = NULL,
      consensus_history = {}
    FROM claimed WHERE transactions.hash = claimed.hash RETURNING transactions.hash)
  SELECT pg_notify('quorate_events', 'status FINALIZED ' || hash) FROM finished)sql",
                                       kind == recipient::someone ? "= $6" : "IS NULL",
                                       ready(kind, {"$2", "$3", "$4", "$5"}), detail::tracked("'FINALIZED'::text"))};
}
const detail::statement finalize_payment = finalize_of(recipient::someone, "processing_finalize_payment");
const detail::statement finalize_burn = finalize_of(recipient::none, "processing_finalize_burn");

}  // namespace

result<std::vector<candidate>> finalizable(transaction& tx, const lease_rules& rules, const window_rules& window,
                                           std::size_t limit) {
  std::vector<candidate> found;
  const auto rows = execute(tx, select_ready, rules.lease_timeout.count(), rules.stranded_after.count(),
                            window.window.count(), window.appeal_failed_reduction, limit);
  for (const auto& row : rows) found.push_back({row[0].c_str(), detail::optional_text(row[1])});
  return found;
}

result<bool> finalize(transaction& tx, std::string_view hash, std::optional<std::string_view> to_address,
                      const lease_rules& rules, const window_rules& window) {
  if (!detail::try_lock(tx, to_address, hash)) return false;
  const auto lease = rules.lease_timeout.count(), stranded = rules.stranded_after.count();
  const auto seconds = window.window.count();
  const auto done =
      to_address
          ? execute(tx, finalize_payment, hash, lease, stranded, seconds, window.appeal_failed_reduction, *to_address)
          : execute(tx, finalize_burn, hash, lease, stranded, seconds, window.appeal_failed_reduction);
  return done.size() == 1;
}

}  // namespace quorate::db::processing
