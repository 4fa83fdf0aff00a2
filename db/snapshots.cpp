// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/base64.hpp"
#include "chain/hex.hpp"
#include "db/admin.hpp"
#include "db/detail/json_members.hpp"
#include "db/detail/statement.hpp"
#include "db/detail/zlib_stream.hpp"

/// The stored form is upstream's (docs/spec/database.md §2.10): two JSON objects, id → account and hash → transaction,
/// each zlib. PostgreSQL writes and reads the rows' JSON itself, so numbers and times are exact; here they pass by as
/// text, a few at a time.
namespace quorate::db::snapshots {

namespace {

constexpr std::size_t batch_bytes = 4 << 20;

// One cursor over both tables is one moment in time: a row that moves money while it is read is seen before or after,
// never half (B17), and nobody is kept waiting. The member is put together by the server: "<key>": {…}.
const detail::statement open_cursor{"snapshot_cursor", R"sql(
  DECLARE snapshot_rows NO SCROLL CURSOR FOR
  SELECT 'a', to_json(a.id)::text || ': ' || row_to_json(a)::text FROM current_state a
  UNION ALL
  SELECT 't', to_json(t.hash)::text || ': ' || row_to_json(t)::text FROM transactions t)sql"};

// By hand, because the number of rows cannot be a parameter.
pqxx::result fetch(transaction& tx, std::size_t rows) {
  return tx.native().exec("FETCH FORWARD " + std::to_string(rows) + " FROM snapshot_rows");
}

const detail::statement store{
    "snapshot_store",
    "INSERT INTO snapshots (state_data, transaction_data) VALUES (decode($1, 'base64'), decode($2, 'base64')) "
    "RETURNING snapshot_id"};

/// One JSON object under way to its compressed form.
class packed_object {
 public:
  void add(std::string_view member) {
    deflater_.add(empty_ ? "{" : ", ");
    deflater_.add(member);
    empty_ = false;
  }
  std::string base64() {
    deflater_.add(empty_ ? "{}" : "}");
    return chain::to_base64(chain::as_bytes(deflater_.finish()));
  }

 private:
  detail::deflater deflater_;
  bool empty_ = true;
};

// What a worker holds now must not be mixed with what is put back: every writer and every claim waits for the restore,
// readers do not.
const detail::statement lock_tables{"snapshot_lock_tables", "LOCK TABLE transactions, current_state IN EXCLUSIVE MODE"};
const detail::statement exists{"snapshot_exists", "SELECT 1 FROM snapshots WHERE snapshot_id = $1::bigint"};
const detail::statement delete_transactions{"snapshot_delete_transactions", "DELETE FROM transactions"};
const detail::statement delete_accounts{"snapshot_delete_accounts", "DELETE FROM current_state"};

const detail::statement account_part{
    "snapshot_account_part",
    "SELECT encode(substring(state_data, $2::int, $3::int), 'hex') FROM snapshots WHERE snapshot_id = $1::bigint"};
const detail::statement transaction_part{"snapshot_transaction_part",
                                         "SELECT encode(substring(transaction_data, $2::int, $3::int), 'hex') FROM "
                                         "snapshots WHERE snapshot_id = $1::bigint"};

const detail::statement insert_accounts{"snapshot_insert_accounts", R"sql(
  INSERT INTO current_state (id, data, balance, updated_at)
  SELECT id, coalesce(data, '{}'), coalesce(balance, 0), updated_at
  FROM jsonb_populate_recordset(NULL::current_state, $1::jsonb))sql"};

// Columns an older form lacks take the base row's values. Parents come afterwards, whatever the order. A lease of the
// past is nobody's: restoring one would only block its contract until it expires.
const detail::statement insert_transactions{"snapshot_insert_transactions", R"sql(
  WITH base AS (
    SELECT jsonb_populate_record(NULL::transactions,
      '{"status": "PENDING", "leader_only": false, "appealed": false, "appeal_undetermined": false,
        "appeal_leader_timeout": false, "appeal_validators_timeout": false, "execution_mode": "NORMAL",
        "value_credited": false, "recovery_count": 0}') AS defaults),
  stored AS MATERIALIZED (
    SELECT jsonb_populate_record(base.defaults, one || '{"blocked_at": null, "worker_id": null}') AS filled
    FROM base, jsonb_array_elements($1::jsonb) one),
  inserted AS (
    INSERT INTO transactions
    SELECT orphan.* FROM stored, jsonb_populate_record(stored.filled, '{"triggered_by_hash": null}') orphan)
  SELECT (filled).hash, (filled).triggered_by_hash FROM stored WHERE (filled).triggered_by_hash IS NOT NULL)sql"};

const detail::statement set_parents{"snapshot_set_parents", R"sql(
  UPDATE transactions t SET triggered_by_hash = family.parent
  FROM unnest($1::text[], $2::text[]) AS family (child, parent) WHERE t.hash = family.child)sql"};

// Whatever is PENDING or awaits finalization now, no process has heard of it.
const detail::statement announce{"snapshot_announce", "SELECT pg_notify('quorate_transactions', '')"};

const detail::statement delete_all{"snapshots_delete", "DELETE FROM snapshots"};

/// Rows on their way back, as a JSON array of limited size: {"<key column>": <key>, …the rest}.
class batch {
 public:
  using sink = std::function<void(const std::string& rows)>;
  batch(std::string_view key_column, sink to) : key_column_{key_column}, to_{std::move(to)} {}

  status add(std::string_view key, std::string_view value) {
    if (!value.starts_with('{')) return fail(errc::parse_error, "The snapshot is damaged", {}, "a row is no object");
    rows_ += rows_.empty() ? "[" : ",";
    rows_.append("{\"").append(key_column_).append("\":").append(key);
    const auto rest = value.substr(1);
    if (rest.find_first_not_of(" \t\r\n") != rest.size() - 1) rows_ += ',';
    rows_ += rest;
    if (rows_.size() >= batch_bytes) flush();
    return {};
  }
  void flush() {
    if (rows_.empty()) return;
    rows_ += ']';
    to_(rows_);
    rows_.clear();
  }

 private:
  std::string key_column_;
  sink to_;
  std::string rows_;
};

/// Decompresses a stored object part by part into the batch.
status unpack(transaction& tx, const detail::statement& next_part, std::int64_t id, batch& into) {
  detail::inflater inflater;
  detail::json_members members{[&](std::string_view key, std::string_view value) { return into.add(key, value); }};
  for (std::size_t offset = 1; !inflater.finished(); offset += batch_bytes) {
    const auto rows = execute(tx, next_part, id, offset, batch_bytes);
    const auto piece = rows.empty() ? std::nullopt : chain::from_hex(detail::text(rows[0][0]));
    if (!piece || piece->empty()) return fail(errc::parse_error, "The snapshot is damaged", {}, "it ends early");
    const std::string_view compressed{reinterpret_cast<const char*>(piece->data()), piece->size()};
    const auto done = inflater.add(compressed, [&](std::string_view text) { return members.feed(text); });
    if (!done) return done;
  }
  if (auto whole = members.finish(); !whole) return whole;
  into.flush();
  return {};
}

/// The request was well-formed, the stored data is not.
tl::unexpected<error> damaged(std::int64_t id, error why) {
  return fail(errc::application, "Snapshot " + std::to_string(id) + " is damaged", {}, why.message + ": " + why.detail);
}

}  // namespace

result<std::int64_t> create(transaction& tx) {
  execute(tx, open_cursor);
  packed_object accounts, transactions;
  // Rows differ in size by a factor of a million: the next batch is sized by the last.
  for (std::size_t count = 16;;) {
    const auto rows = fetch(tx, count);
    std::size_t bytes = 0;
    for (const auto& row : rows) {
      const auto member = detail::text(row[1]);
      (*row[0].c_str() == 'a' ? accounts : transactions).add(member);
      bytes += member.size();
    }
    if (rows.size() < count) break;
    count = std::clamp<std::size_t>(batch_bytes / std::max<std::size_t>(bytes / count, 1), 1, 1000);
  }
  tx.native().exec("CLOSE snapshot_rows");
  return detail::integer<std::int64_t>(execute(tx, store, accounts.base64(), transactions.base64())[0][0]);
}

result<bool> restore(transaction& tx, std::int64_t id) {
  if (execute(tx, exists, id).empty()) return false;
  execute(tx, lock_tables);
  execute(tx, delete_transactions);
  execute(tx, delete_accounts);

  batch accounts{"id", [&](const std::string& rows) { execute(tx, insert_accounts, rows); }};
  if (auto done = unpack(tx, account_part, id, accounts); !done) return damaged(id, std::move(done.error()));

  std::vector<std::string> children, parents;
  batch transactions{"hash", [&](const std::string& rows) {
                       const auto families = execute(tx, insert_transactions, rows);
                       for (const auto& row : families) {
                         children.emplace_back(row[0].c_str());
                         parents.emplace_back(row[1].c_str());
                       }
                     }};
  if (auto done = unpack(tx, transaction_part, id, transactions); !done) return damaged(id, std::move(done.error()));
  if (!children.empty()) execute(tx, set_parents, detail::text_array(children), detail::text_array(parents));
  execute(tx, announce);
  return true;
}

result<std::int64_t> remove_all(transaction& tx) {
  return static_cast<std::int64_t>(execute(tx, delete_all).affected_rows());
}

}  // namespace quorate::db::snapshots
