// SPDX-License-Identifier: MIT
#include "db/processing.hpp"

#include <fmt/format.h>

#include "db/accounts.hpp"
#include "db/detail/claim_rules.hpp"
#include "db/detail/statement.hpp"

namespace quorate::db::processing {

namespace {

using detail::recipient;

/// ACTIVATED is only left behind by the seed, but honoured (docs/spec/database.md §1.2).
constexpr auto claimable_statuses = "('PENDING', 'ACTIVATED')";

/// One branch of the look for candidates: the oldest row of each recipient, then the rules about its recipient.
/// Parameters: $1 lease, $2 stranded, $3 window, $4 reduction.
std::string candidates_of(recipient kind) {
  const detail::rule_parameters with{"$1", "$2", "$3", "$4"};
  return fmt::format(
      R"sql(
    SELECT t.* FROM (
      SELECT DISTINCT ON (p.to_address) p.hash, p.to_address, p.created_at, p.recovery_count
      FROM transactions p
      WHERE p.type = 0 AND p.status IN {statuses} AND p.to_address {is} AND {not_leased}
      ORDER BY p.to_address, p.created_at, p.hash) t
    WHERE {free} AND {nothing_due})sql",
      fmt::arg("statuses", claimable_statuses), fmt::arg("is", kind == recipient::someone ? "IS NOT NULL" : "IS NULL"),
      fmt::arg("not_leased", detail::not_leased("p", with)), fmt::arg("free", detail::recipient_free(kind, "t", with)),
      fmt::arg("nothing_due", detail::nothing_older_to_finalize(kind, "t", with)));
}

const detail::statement select_candidates{
    "processing_pending_sends",
    fmt::format("SELECT hash, to_address FROM ({} UNION ALL {}) AS found ORDER BY recovery_count > 0, created_at, hash "
                "LIMIT $5::bigint",
                candidates_of(recipient::someone), candidates_of(recipient::none))};

/// Parameters: $1 hash, $2 lease, $3 stranded, $4 window, $5 reduction, $6 recipient.
detail::statement claim_of(recipient kind, std::string name) {
  const detail::rule_parameters with{"$2", "$3", "$4", "$5"};
  return {std::move(name),
          fmt::format(
              R"sql(
    SELECT t.from_address, coalesce(t.value, 0)::text, t.value_credited, t.triggered_by_hash IS NOT NULL
    FROM transactions t
    WHERE t.hash = $1 AND t.type = 0 AND t.status IN {statuses} AND t.to_address {is}
      AND {not_leased} AND {free} AND {nothing_due}
    FOR UPDATE OF t SKIP LOCKED)sql",
              fmt::arg("statuses", claimable_statuses), fmt::arg("is", kind == recipient::someone ? "= $6" : "IS NULL"),
              fmt::arg("not_leased", detail::not_leased("t", with)),
              fmt::arg("free", detail::recipient_free(kind, "t", with)),
              fmt::arg("nothing_due", detail::nothing_older_to_finalize(kind, "t", with)))};
}
const detail::statement claim_payment = claim_of(recipient::someone, "processing_claim_payment");
const detail::statement claim_burn = claim_of(recipient::none, "processing_claim_burn");

// Both rows in one order, whoever pays whom: two transfers in opposite directions cannot deadlock.
const detail::statement lock_accounts{
    "processing_lock_accounts",
    "SELECT id FROM current_state WHERE id = ANY(ARRAY[$1, $2]::text[]) ORDER BY id FOR UPDATE"};

const detail::statement finish{"processing_finish", fmt::format(R"sql(
  WITH finished AS (UPDATE transactions SET
    status = $2::text::transaction_status,
    value_credited = value_credited OR $3::boolean,
    timestamp_awaiting_finalization = CASE WHEN $2::text = 'UNDETERMINED'
      THEN floor(extract(epoch FROM now()))::bigint ELSE timestamp_awaiting_finalization END,
    consensus_history = {},
    blocked_at = NULL, worker_id = NULL
  WHERE hash = $1 RETURNING hash)
  SELECT pg_notify('quorate_events', 'status ' || $2::text || ' ' || hash) FROM finished)sql",
                                                                detail::tracked("$2::text"))};

struct claimed {
  std::optional<std::string> from_address;
  chain::integer value;
  bool credited, triggered;
};

std::optional<claimed> claim(transaction& tx, std::string_view hash, std::optional<std::string_view> to_address,
                             const lease_rules& rules, const window_rules& window) {
  const auto rows = to_address
                        ? execute(tx, claim_payment, hash, rules.lease_timeout.count(), rules.stranded_after.count(),
                                  window.window.count(), window.appeal_failed_reduction, *to_address)
                        : execute(tx, claim_burn, hash, rules.lease_timeout.count(), rules.stranded_after.count(),
                                  window.window.count(), window.appeal_failed_reduction);
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return claimed{detail::optional_text(row[0]), detail::big_integer(row[1]), detail::boolean(row[2]),
                 detail::boolean(row[3])};
}

/// Moves the money of a claimed row. False: the sender has too little, or the recipient would have more than a balance
/// can be; nothing moved.
result<bool> move(transaction& tx, const claimed& row, std::optional<std::string_view> to_address) {
  // The faucet's value is there already (A22); a child's was taken from its parent's contract when it was emitted.
  if (row.credited || row.value == 0) return true;
  if (row.from_address && !row.triggered) {
    execute(tx, lock_accounts, *row.from_address, to_address);
    const auto paid = accounts::debit(tx, *row.from_address, row.value);
    if (!paid || !*paid) return paid;
  }
  if (!to_address) return true;
  const auto credited = accounts::credit(tx, *to_address, row.value);
  if (!credited || *credited) return credited;
  // Back to where it came from, where there is room for it.
  if (row.from_address && !row.triggered) {
    if (auto back = accounts::credit(tx, *row.from_address, row.value); !back) return back;
  }
  return false;
}

}  // namespace

result<std::vector<candidate>> pending_sends(transaction& tx, const lease_rules& rules, std::size_t limit,
                                             const window_rules& window) {
  std::vector<candidate> found;
  const auto rows = execute(tx, select_candidates, rules.lease_timeout.count(), rules.stranded_after.count(),
                            window.window.count(), window.appeal_failed_reduction, limit);
  for (const auto& row : rows) found.push_back({row[0].c_str(), detail::optional_text(row[1])});
  return found;
}

result<send_outcome> process_send(transaction& tx, std::string_view hash, std::optional<std::string_view> to_address,
                                  const lease_rules& rules, const window_rules& window) {
  if (!detail::try_lock(tx, to_address, hash)) return send_outcome::not_claimable;
  const auto row = claim(tx, hash, to_address, rules, window);
  if (!row) return send_outcome::not_claimable;
  const auto moved = move(tx, *row, to_address);
  if (!moved) return tl::unexpected<error>{moved.error()};
  execute(tx, finish, hash, to_string(*moved ? tx_status::finalized : tx_status::undetermined),
          *moved && row->value > 0);
  return *moved ? send_outcome::finalized : send_outcome::undetermined;
}

}  // namespace quorate::db::processing
