// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "db/detail/statement.hpp"
#include "db/processing.hpp"

namespace quorate::db::processing {

namespace {

// Parameters: $1 lease in seconds, $2 how many recoveries are too many. A lease is no heartbeat: a row whose monitoring
// moved lately is at work (A18). Rows that somebody holds right now are passed by.
std::string stuck_in_consensus(const char* recoveries) {
  return fmt::format(R"sql(
    SELECT t.hash FROM transactions t
    WHERE t.type = 0 AND t.status IN ('PENDING', 'ACTIVATED', 'PROPOSING', 'COMMITTING', 'REVEALING')
      AND t.recovery_count {} $2::int
      AND CASE WHEN t.blocked_at IS NULL
        THEN t.status IN ('PROPOSING', 'COMMITTING', 'REVEALING') AND t.created_at < now() - interval '5 minutes'
        ELSE t.blocked_at < now() - make_interval(secs => $1::float8) AND NOT EXISTS (
          SELECT 1 FROM jsonb_each(CASE jsonb_typeof(t.consensus_history -> 'current_monitoring')
                                   WHEN 'object' THEN t.consensus_history -> 'current_monitoring' ELSE '{{}}' END) moved
          WHERE CASE jsonb_typeof(moved.value) WHEN 'number' THEN moved.value::float8 END
                >= extract(epoch FROM now())::float8 - $1::float8)
        END
    ORDER BY t.created_at, t.hash
    FOR UPDATE OF t SKIP LOCKED)sql",
                     recoveries);
}

// The error joins an object only: `null || object` would be an array (B16). What was debited before this row ran goes
// back in the same transaction (B8): the value of a child, which its parent's contract paid. A root transfer pays when
// it runs.
const detail::statement cancel_exhausted{"recovery_cancel", "WITH stuck AS (" + stuck_in_consensus(">=") + R"sql(),
  canceled AS (
    UPDATE transactions t SET
      status = 'CANCELED', blocked_at = NULL, worker_id = NULL,
      consensus_data = CASE jsonb_typeof(t.consensus_data) WHEN 'object' THEN t.consensus_data ELSE '{}' END
        || jsonb_build_object('error', 'max_recovery_cycles_exceeded', 'recovery_count', t.recovery_count,
                              'max_recovery_exhausted_at', floor(extract(epoch FROM now()))::bigint)
    FROM stuck WHERE t.hash = stuck.hash
    RETURNING t.hash, t.from_address, t.value, t.value_credited, t.triggered_by_hash),
  refunded AS (
    INSERT INTO current_state AS a (id, data, balance)
    SELECT from_address, '{}', sum(value) FROM canceled
    WHERE triggered_by_hash IS NOT NULL AND from_address IS NOT NULL AND value > 0 AND NOT value_credited
    GROUP BY from_address ORDER BY from_address
    ON CONFLICT (id) DO UPDATE SET balance = a.balance + EXCLUDED.balance)
  SELECT hash, pg_notify('quorate_events', 'status CANCELED ' || hash) FROM canceled)sql"};

// Agreed results survive: only the lease goes (A14).
const detail::statement release_expired{"recovery_release", R"sql(
  WITH expired AS (
    SELECT hash FROM transactions
    WHERE type = 0 AND status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
      AND blocked_at < now() - make_interval(secs => $1::float8)
    ORDER BY created_at, hash
    FOR UPDATE SKIP LOCKED)
  UPDATE transactions t SET blocked_at = NULL, worker_id = NULL
  FROM expired WHERE t.hash = expired.hash RETURNING t.hash)sql"};

const detail::statement reset_stuck{"recovery_reset", "WITH stuck AS (" + stuck_in_consensus("<") + R"sql(),
  reset AS (
    UPDATE transactions t SET
      status = 'PENDING', blocked_at = NULL, worker_id = NULL, consensus_data = NULL, consensus_history = NULL,
      recovery_count = t.recovery_count + 1
    FROM stuck WHERE t.hash = stuck.hash RETURNING t.hash)
  SELECT hash, pg_notify('quorate_transactions', hash), pg_notify('quorate_events', 'status PENDING ' || hash)
  FROM reset)sql"};

std::vector<std::string> hashes(const pqxx::result& rows) {
  std::vector<std::string> list;
  for (const auto& row : rows) list.emplace_back(row[0].c_str());
  return list;
}

}  // namespace

result<recovery_report> recover(transaction& tx, const lease_rules& rules) {
  recovery_report done;
  done.canceled = hashes(execute(tx, cancel_exhausted, rules.lease_timeout.count(), rules.max_recoveries));
  done.released = hashes(execute(tx, release_expired, rules.lease_timeout.count()));
  done.reset = hashes(execute(tx, reset_stuck, rules.lease_timeout.count(), rules.max_recoveries));
  return done;
}

}  // namespace quorate::db::processing
