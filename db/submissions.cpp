// SPDX-License-Identifier: MIT
#include "db/submissions.hpp"

#include <fmt/format.h>

#include <set>

#include "db/detail/claim_rules.hpp"
#include "db/detail/statement.hpp"
#include "db/forwards.hpp"
#include "db/transfers.hpp"

namespace quorate::db::submissions {

namespace {

// Nobody asks for a count that no cap is held against: upstream's index on the target is used by one of them only.
const detail::statement look_around{"submission_look", R"sql(
  SELECT
    EXISTS (SELECT 1 FROM transactions WHERE hash = $1),
    EXISTS (SELECT 1 FROM current_state WHERE id = $2::text),
    CASE WHEN $4::boolean THEN
      (SELECT count(*) FROM transactions WHERE to_address = $2::text AND status = 'PENDING') END,
    CASE WHEN $5::boolean THEN
      (SELECT count(*) FROM transactions WHERE from_address = $3 AND status = 'PENDING') END)sql"};

// Never "insufficient funds": what is missing is minted (docs/spec/json-rpc.md §7.7).
const detail::statement take_payment{"submission_pay", R"sql(
  UPDATE current_state SET balance = greatest(balance - $2::numeric, 0) WHERE id = $1)sql"};

// In the order in which everybody locks accounts, so that nobody waits for each other.
const detail::statement lock_payers{"submission_lock", R"sql(
  SELECT 1 FROM current_state WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE)sql"};

const detail::statement mark_appealed{"submission_appeal", R"sql(
  WITH found AS (SELECT hash, status FROM transactions WHERE hash = $1 FOR UPDATE),
  marked AS (
    UPDATE transactions t SET appealed = true, timestamp_appeal = floor(extract(epoch FROM now()))::bigint
    FROM found
    WHERE t.hash = found.hash
      AND found.status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
    RETURNING t.hash),
  told AS (SELECT pg_notify('quorate_events', 'appeal ' || hash) FROM marked)
  SELECT status, (SELECT count(*) FROM told) FROM found)sql"};

// What was taken when it was stored goes back in the same transaction (B8): from the signer of a DEPLOY or RUN, from
// the contract that emitted a child. A root transfer pays when it runs, and the faucet has nobody to give back to.
const detail::statement cancel_pending{"submission_cancel", fmt::format(R"sql(
  WITH found AS (SELECT hash, status, blocked_at FROM transactions WHERE hash = $1 FOR UPDATE),
  canceled AS (
    UPDATE transactions t SET status = 'CANCELED', consensus_history = {}
    FROM found
    WHERE t.hash = found.hash AND found.status IN ('PENDING', 'ACTIVATED') AND found.blocked_at IS NULL
    RETURNING t.hash, t.from_address, t.value, t.value_credited, t.type, t.triggered_by_hash),
  refunded AS (
    INSERT INTO current_state AS a (id, data, balance)
    SELECT from_address, '{{}}', value FROM canceled
    WHERE (type IN (1, 2) OR triggered_by_hash IS NOT NULL)
      AND from_address IS NOT NULL AND value > 0 AND NOT value_credited
    ON CONFLICT (id) DO UPDATE SET balance = a.balance + EXCLUDED.balance),
  told AS (
    SELECT pg_notify('quorate_transactions', ''), pg_notify('quorate_events', 'status CANCELED ' || hash)
    FROM canceled)
  SELECT found.status, (SELECT count(*) FROM told) > 0 FROM found)sql",
                                                                        detail::tracked("'CANCELED'::text"))};

const detail::statement read_sender{"submission_sender", "SELECT from_address FROM transactions WHERE hash = $1"};

std::optional<outcome> refusal(transaction& tx, const submission& s) {
  const bool runs = s.row.type == tx_type::run;
  const auto rows = execute(tx, look_around, s.row.hash, s.row.to_address, s.row.from_address, s.caps.per_contract > 0,
                            s.caps.per_sender > 0);
  const auto row = rows[0];
  if (detail::boolean(row[0])) return outcome{verdict::known};
  if (runs && !detail::boolean(row[1])) return outcome{verdict::no_contract};
  const auto full = [](const pqxx::field& count, std::int64_t cap) {
    return !count.is_null() && detail::integer<std::int64_t>(count) >= cap;
  };
  if (full(row[2], s.caps.per_contract)) return outcome{verdict::contract_full, detail::integer<std::int64_t>(row[2])};
  if (full(row[3], s.caps.per_sender)) return outcome{verdict::sender_full, detail::integer<std::int64_t>(row[3])};
  return std::nullopt;
}

void lock_all_payers(transaction& tx, std::span<const submission> group) {
  std::set<std::string> payers;
  for (const auto& one : group)
    if (one.payment > 0) payers.insert(one.row.from_address.value_or(std::string{}));
  if (payers.size() > 1) execute(tx, lock_payers, detail::text_array(payers));
}

}  // namespace

result<outcome> submit(transaction& tx, const submission& s, std::size_t place) {
  if (s.row.type != tx_type::send) {
    if (const auto refused = refusal(tx, s)) return *refused;
  }
  const auto inserted = transactions::insert(tx, s.row, place);
  if (!inserted) return tl::unexpected{inserted.error()};
  if (!*inserted) return outcome{verdict::known};
  if (!s.forward.empty()) forwards::add(tx, s.row.hash, s.forward);
  if (s.payment > 0) execute(tx, take_payment, s.row.from_address, s.payment);
  return outcome{};
}

result<std::vector<outcome>> store(transaction& tx, std::span<const submission> group) {
  std::vector<outcome> out(group.size());
  std::vector<const transactions::new_transaction*> transfers;
  std::vector<std::size_t> places;  // of the transfers, in the group
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i].row.type != tx_type::send) continue;
    transfers.push_back(&group[i].row);
    places.push_back(i);
  }
  lock_all_payers(tx, group);
  const auto fresh = transfers::store(tx, transfers);
  if (!fresh) return tl::unexpected{fresh.error()};
  for (std::size_t n = 0; n < places.size(); ++n) out[places[n]].what = (*fresh)[n] ? verdict::stored : verdict::known;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i].row.type == tx_type::send) continue;
    auto done = submit(tx, group[i], i);
    if (!done) return tl::unexpected{std::move(done.error())};
    out[i] = std::move(*done);
  }
  return out;
}

bool is_appealable(tx_status status) {
  return status == tx_status::accepted || status == tx_status::undetermined || status == tx_status::leader_timeout ||
         status == tx_status::validators_timeout;
}

result<std::optional<tx_status>> appeal(transaction& tx, std::string_view hash) {
  const auto rows = execute(tx, mark_appealed, hash);
  if (rows.empty()) return std::optional<tx_status>{};
  const auto status = parse_tx_status(detail::text(rows[0][0]));
  if (!status) return fail(errc::internal, {}, {}, "a status that nobody knows");
  return status;
}

result<std::optional<cancellation>> cancel(transaction& tx, std::string_view hash) {
  const auto rows = execute(tx, cancel_pending, hash);
  if (rows.empty()) return std::optional<cancellation>{};
  return std::optional{cancellation{detail::boolean(rows[0][1]), std::string{detail::text(rows[0][0])}}};
}

result<sender_of> sender(transaction& tx, std::string_view hash) {
  const auto rows = execute(tx, read_sender, hash);
  return rows.empty() ? sender_of{} : sender_of{true, detail::optional_text(rows[0][0])};
}

}  // namespace quorate::db::submissions
