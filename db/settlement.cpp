// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "db/detail/claim_rules.hpp"
#include "db/detail/statement.hpp"
#include "db/transfers.hpp"

namespace quorate::db::transfers {

namespace {

using detail::recipient;

/// What processing's rules say of one row, said of many: the recipients that have something to finalize first, or
/// somebody at work, are looked up once. (A row that is to be finalized is older than every open one of its recipient;
/// a leased row is never itself among the claimable.) Parameters: $1 lease, $2 stranded, $3 window, $4 reduction.
std::string claimable(std::string_view columns, std::string_view which) {
  const detail::rule_parameters with{"$1", "$2", "$3", "$4"};
  return fmt::format(
      R"sql(
  WITH due AS MATERIALIZED (
    SELECT coalesce(d.to_address, '') AS recipient FROM transactions d
    WHERE d.type = 0 AND {window_over} AND {due_not_leased}
      AND CASE WHEN d.to_address IS NULL THEN {none_older} ELSE {no_older} END),
  busy AS MATERIALIZED (
    SELECT coalesce(b.to_address, '') AS recipient FROM transactions b
    WHERE b.blocked_at > now() - make_interval(secs => $1::float8))
  SELECT {columns} FROM transactions t
  WHERE t.type = 0 AND t.status IN ('PENDING', 'ACTIVATED') AND {not_leased}
    AND coalesce(t.to_address, '') NOT IN (SELECT recipient FROM due)
    AND coalesce(t.to_address, '') NOT IN (SELECT recipient FROM busy)
    {which})sql",
      fmt::arg("window_over", detail::window_over("d", with)),
      fmt::arg("due_not_leased", detail::not_leased("d", with)),
      fmt::arg("none_older", detail::nothing_older_open(recipient::none, "d")),
      fmt::arg("no_older", detail::nothing_older_open(recipient::someone, "d")), fmt::arg("columns", columns),
      fmt::arg("not_leased", detail::not_leased("t", with)), fmt::arg("which", which));
}

const detail::statement look{"settlement_look",
                             claimable("t.hash, t.to_address", "ORDER BY t.created_at, t.hash LIMIT $5::bigint")};

// As detail::try_lock, for each recipient of a batch; a burn has nobody to wait for but itself (A12).
const detail::statement lock_recipients{
    "settlement_lock", "SELECT key, pg_try_advisory_xact_lock(hashtext(key)) FROM unnest($1::text[]) key"};

const detail::statement claim{
    "settlement_claim", claimable("t.hash, t.from_address, t.to_address, coalesce(t.value, 0)::text, t.value_credited, "
                                  "t.triggered_by_hash IS NOT NULL",
                                  "AND t.hash = ANY($5::text[]) FOR UPDATE OF t SKIP LOCKED")};

// In one order, whoever pays whom: batches of several processes cannot deadlock.
const detail::statement lock_accounts{
    "settlement_accounts",
    "SELECT id, balance::text FROM current_state WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE"};

const detail::statement write_balances{
    "settlement_balances",
    "UPDATE current_state a SET balance = new.balance FROM unnest($1::text[], $2::numeric[]) AS new (id, balance) "
    "WHERE a.id = new.id"};

// Relative, because somebody may have made the account meanwhile (B6, B13).
const detail::statement make_accounts{
    "settlement_new_accounts",
    "INSERT INTO current_state AS a (id, data, balance) SELECT id, '{}', balance "
    "FROM unnest($1::text[], $2::numeric[]) AS new (id, balance) "
    "ON CONFLICT (id) DO UPDATE SET balance = a.balance + EXCLUDED.balance WHERE a.balance + EXCLUDED.balance < 1e78"};

const detail::statement finish{"settlement_finish", fmt::format(R"sql(
  WITH finished AS (UPDATE transactions t SET
    status = done.status::transaction_status,
    value_credited = t.value_credited OR done.credited,
    timestamp_awaiting_finalization = CASE WHEN done.status = 'UNDETERMINED'
      THEN floor(extract(epoch FROM now()))::bigint ELSE t.timestamp_awaiting_finalization END,
    consensus_history = {},
    blocked_at = NULL, worker_id = NULL
  FROM unnest($1::text[], $2::text[], $3::boolean[]) AS done (hash, status, credited)
  WHERE t.hash = done.hash RETURNING t.hash, t.status)
  SELECT pg_notify('quorate_events', 'status ' || status || ' ' || hash) FROM finished)sql",
                                                                detail::tracked("done.status"))};

/// numeric(78,0).
const chain::integer& balance_limit() {
  static const chain::integer limit = boost::multiprecision::pow(chain::integer{10}, 78);
  return limit;
}

struct looked_at {
  std::string hash;
  std::optional<std::string> to_address;
  const std::string& lock_key() const { return to_address ? *to_address : hash; }
};

struct payment {
  std::string hash;
  std::optional<std::string> from_address, to_address;
  chain::integer value;
  bool credited, triggered;

  // The faucet's value is there already (A22); a child's was taken from its parent's contract when it was emitted.
  bool moves() const { return !credited && value > 0; }
  bool pays() const { return moves() && from_address && !triggered; }
};

/// The accounts of a batch, locked, and what becomes of them.
class ledger {
 public:
  ledger(transaction& tx, const std::vector<payment>& payments) {
    for (const auto& p : payments) {
      if (p.pays()) accounts_.try_emplace(*p.from_address);
      if (p.moves() && p.to_address) accounts_.try_emplace(*p.to_address);
    }
    if (accounts_.empty()) return;
    std::vector<std::string_view> ids;
    for (const auto& [id, of] : accounts_) ids.emplace_back(id);
    for (const auto& row : execute(tx, lock_accounts, detail::text_array(ids))) {
      auto& of = accounts_.at(std::string{detail::text(row[0])});
      of.known = true;
      of.balance = detail::big_integer(row[1]);
    }
  }

  /// False: the sender has too little, or the recipient would have more than a balance can be; nothing moved.
  bool move(const payment& p) {
    if (!p.moves()) return true;
    auto* const from = p.pays() ? &accounts_.at(*p.from_address) : nullptr;
    auto* const to = p.to_address ? &accounts_.at(*p.to_address) : nullptr;
    if (from && from->balance < p.value) return false;
    // Paying oneself needs no room.
    if (to && to != from && to->balance + p.value >= balance_limit()) return false;
    if (from) add(*from, -p.value);
    if (to) add(*to, p.value);
    return true;
  }

  /// False: an account that was made meanwhile has no room.
  bool write(transaction& tx) const {
    std::vector<std::string> ids[2], balances[2];
    for (const auto& [id, of] : accounts_) {
      if (!of.changed) continue;
      ids[of.known ? 1 : 0].push_back(id);
      balances[of.known ? 1 : 0].push_back(chain::to_decimal(of.balance));
    }
    if (!ids[1].empty()) execute(tx, write_balances, detail::text_array(ids[1]), detail::text_array(balances[1]));
    if (ids[0].empty()) return true;
    const auto made = execute(tx, make_accounts, detail::text_array(ids[0]), detail::text_array(balances[0]));
    return made.affected_rows() == ids[0].size();
  }

 private:
  struct account {
    bool known = false, changed = false;
    chain::integer balance = 0;
  };
  static void add(account& of, const chain::integer& value) {
    of.balance += value;
    of.changed = true;
  }
  std::map<std::string, account> accounts_;  // sorted: new ones are inserted in one order, too
};

std::vector<looked_at> oldest(transaction& tx, const processing::lease_rules& rules, std::size_t limit,
                              const processing::window_rules& window) {
  std::vector<looked_at> found;
  for (const auto& row : execute(tx, look, rules.lease_timeout.count(), rules.stranded_after.count(),
                                 window.window.count(), window.appeal_failed_reduction, limit))
    found.push_back({std::string{detail::text(row[0])}, detail::optional_text(row[1])});
  return found;
}

/// Leaves those whose recipient's lock could be had.
void lock(transaction& tx, std::vector<looked_at>& rows) {
  std::unordered_set<std::string_view> keys;
  for (const auto& one : rows) keys.insert(one.lock_key());
  std::unordered_set<std::string> held;
  for (const auto& row : execute(tx, lock_recipients, detail::text_array(keys)))
    if (detail::boolean(row[1])) held.emplace(detail::text(row[0]));
  std::erase_if(rows, [&](const looked_at& one) { return !held.contains(one.lock_key()); });
}

/// The locked rows that are still claimable, in order of arrival; of each recipient, up to the first that is not.
std::vector<payment> claim_all(transaction& tx, const std::vector<looked_at>& rows,
                               const processing::lease_rules& rules, const processing::window_rules& window) {
  std::vector<std::string_view> hashes;
  for (const auto& one : rows) hashes.emplace_back(one.hash);
  std::unordered_map<std::string, payment> claimed;
  for (const auto& row : execute(tx, claim, rules.lease_timeout.count(), rules.stranded_after.count(),
                                 window.window.count(), window.appeal_failed_reduction, detail::text_array(hashes))) {
    payment p{std::string{detail::text(row[0])}, detail::optional_text(row[1]), detail::optional_text(row[2]),
              detail::big_integer(row[3]),       detail::boolean(row[4]),       detail::boolean(row[5])};
    auto hash = p.hash;
    claimed.emplace(std::move(hash), std::move(p));
  }
  std::vector<payment> in_order;
  std::unordered_set<std::string> passed_over;
  for (const auto& one : rows) {
    auto found = claimed.find(one.hash);
    const auto recipient = one.to_address.value_or(std::string{});
    if (found == claimed.end() || passed_over.contains(recipient))
      passed_over.insert(recipient);
    else
      in_order.push_back(std::move(found->second));
  }
  return in_order;
}

}  // namespace

result<settlement> settle(transaction& tx, const processing::lease_rules& rules, std::size_t limit,
                          const processing::window_rules& window) {
  settlement out;
  auto rows = oldest(tx, rules, limit, window);
  out.more = rows.size() >= limit;
  if (!rows.empty()) lock(tx, rows);
  if (rows.empty()) return out;
  const auto payments = claim_all(tx, rows, rules, window);
  if (payments.empty()) return out;

  ledger accounts{tx, payments};
  std::vector<std::string_view> hashes, statuses, credited;
  for (const auto& p : payments) {
    const bool moved = accounts.move(p);
    ++(moved ? out.finalized : out.undetermined);
    hashes.emplace_back(p.hash);
    statuses.push_back(to_string(moved ? tx_status::finalized : tx_status::undetermined));
    credited.emplace_back(moved && p.value > 0 ? "t" : "f");
  }
  if (!accounts.write(tx)) return fail(errc::internal, {}, {}, "a balance outgrew its column while it was settled");
  execute(tx, finish, detail::text_array(hashes), detail::text_array(statuses), detail::text_array(credited));
  return out;
}

}  // namespace quorate::db::transfers
