// SPDX-License-Identifier: MIT
#include "db/transactions.hpp"

#include <fmt/format.h>

#include "db/detail/claim_rules.hpp"
#include "db/detail/transaction_columns.hpp"

namespace quorate::db::transactions {

namespace {

// JSON null where upstream's writers leave it; the history starts as an object (docs/spec/database.md §2.4). An unknown
// hash is inserted and announced, a known one does neither, and no failed statement poisons the transaction (A4).
const detail::statement insert_row{"transaction_insert", R"sql(
  WITH inserted AS (
    INSERT INTO transactions (
      hash, status, type, from_address, to_address, input_data, data, consensus_data, nonce, value,
      leader_only, execution_mode, triggered_by_hash, triggered_on, origin_address,
      appealed, appeal_failed, appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout,
      appeal_processing_time, consensus_history, config_rotation_rounds, num_of_initial_validators,
      rotation_count, sim_config, created_at)
    VALUES (
      $1, 'PENDING', $2, $3::text, $4, 'null', coalesce($5::jsonb, 'null'), 'null', $6, $7::numeric,
      $8::text <> 'NORMAL', $8::text, $9, $10, coalesce($11::text, $3::text),
      false, 0, false, false, false,
      0, '{}', $12, $13,
      0, coalesce($14::jsonb, 'null'), CURRENT_TIMESTAMP + $16::integer * interval '1 microsecond')
    ON CONFLICT DO NOTHING
    RETURNING hash),
  accounts AS (
    INSERT INTO current_state (id, data, balance)
    SELECT a, '{}', 0 FROM unnest($15::text[]) a, inserted ORDER BY a
    ON CONFLICT (id) DO NOTHING)
  SELECT CASE WHEN $2 = 0 THEN pg_notify('quorate_transactions', hash) END, pg_notify('quorate_events', 'new ' || hash)
  FROM inserted)sql"};

// The row counts as credited because the same statement credits: no crash and no worker can come in between (B7).
const detail::statement fund_account{"transaction_fund", R"sql(
  WITH inserted AS (
    INSERT INTO transactions (
      hash, status, type, to_address, input_data, data, consensus_data,
      nonce, value,
      leader_only, execution_mode,
      appealed, appeal_failed, appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout,
      appeal_processing_time, consensus_history, config_rotation_rounds, rotation_count, value_credited)
    VALUES (
      $1, 'PENDING', 0, $2::text, 'null', 'null', 'null',
      nextval('quorate.faucet_nonce'), $3::numeric,
      false, 'NORMAL',
      false, 0, false, false, false,
      0, '{}', 0, 0, $3::numeric > 0)
    RETURNING hash),
  credited AS (
    INSERT INTO current_state AS a (id, data, balance) VALUES ($2::text, '{}', $3::numeric)
    ON CONFLICT (id) DO UPDATE SET balance = a.balance + EXCLUDED.balance
      WHERE a.balance + EXCLUDED.balance < 1e78
    RETURNING id)
  SELECT pg_notify('quorate_transactions', hash), pg_notify('quorate_events', 'new ' || hash)
  FROM inserted, credited)sql"};

const detail::statement of_address{"transactions_for_address", "SELECT " + detail::all_columns() + R"sql(
  FROM transactions t WHERE t.from_address = $1 OR t.to_address = $1
  ORDER BY t.created_at DESC, t.hash DESC)sql"};
/// The transactions of block $1; `columns` of the table called `t`.
std::string block_sql(const std::string& columns, std::string_view only = {}) {
  return fmt::format(
      "SELECT {} FROM transactions t WHERE t.timestamp_awaiting_finalization = $1{} ORDER BY t.created_at, t.hash",
      columns, only);
}
// The predicate of upstream's idx_transactions_pending_finalization, the one index over rows that have such a time.
constexpr auto awaiting =
    " AND t.status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT') AND t.appealed = false";
const detail::statement in_block{"transactions_of_block", block_sql(detail::all_columns())};
const detail::statement hashes_in_block{"transactions_hashes_of_block", block_sql("t.hash")};
const detail::statement in_newest_block{"transactions_of_newest_block", block_sql(detail::all_columns(), awaiting)};
const detail::statement hashes_in_newest_block{"transactions_hashes_of_newest_block", block_sql("t.hash", awaiting)};
const detail::statement known{"transaction_known", "SELECT 1 FROM transactions WHERE hash = $1"};
const detail::statement one{"transaction_by_hash", "SELECT " + detail::all_columns() + R"sql(
  FROM transactions t WHERE t.hash = $1)sql"};
const detail::statement newest_block{"transactions_latest_block",
                                     "SELECT max(timestamp_awaiting_finalization) FROM transactions"};

// Every way into an awaiting status stamps its time (A16): without it the row would be stranded. A row that awaits
// already goes on with its window; the time of an earlier wait, or the seed's 0, would end the new one at once.
const detail::statement change_status{"transaction_set_status", fmt::format(R"sql(
  WITH changed AS (
    UPDATE transactions SET
      status = $2::text::transaction_status,
      consensus_history = {},
      timestamp_awaiting_finalization = CASE
        WHEN $2::text IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
          THEN CASE
            WHEN status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
              AND timestamp_awaiting_finalization > 0 THEN timestamp_awaiting_finalization
            ELSE floor(extract(epoch FROM now()))::bigint
          END
        ELSE timestamp_awaiting_finalization
      END
    WHERE hash = $1
    RETURNING hash)
  SELECT CASE
    WHEN $2::text IN ('PENDING', 'ACTIVATED') THEN pg_notify('quorate_transactions', hash)
    WHEN $2::text IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
      THEN pg_notify('quorate_transactions', '')
  END, pg_notify('quorate_events', 'status ' || $2::text || ' ' || hash) FROM changed)sql",
                                                                            detail::tracked("$2::text"))};

const detail::statement contracts_at_work{"transactions_workload", R"sql(
  WITH occupied AS (
    SELECT DISTINCT to_address FROM transactions
    WHERE status IN ('PROPOSING', 'COMMITTING', 'UNDETERMINED') AND to_address IS NOT NULL)
  SELECT
    (SELECT count(*) FROM occupied),
    (SELECT count(DISTINCT t.to_address) FROM transactions t
     WHERE t.status = 'PENDING' AND NOT EXISTS (SELECT 1 FROM occupied o WHERE o.to_address = t.to_address)))sql"};

std::vector<std::string> first_column(const pqxx::result& rows) {
  std::vector<std::string> list;
  list.reserve(rows.size());
  for (const auto& row : rows) list.emplace_back(detail::text(row[0]));
  return list;
}

}  // namespace

result<bool> insert(transaction& tx, const new_transaction& row, std::size_t place) {
  const auto announced =
      execute(tx, insert_row, row.hash, static_cast<int>(row.type), row.from_address, row.to_address, row.data,
              row.nonce, row.value, row.execution_mode, row.triggered_by_hash, row.triggered_on, row.origin_address,
              row.config_rotation_rounds, row.num_of_initial_validators, row.sim_config,
              detail::text_array(row.accounts), static_cast<std::int32_t>(place));
  return announced.size() == 1;
}

result<bool> fund(transaction& tx, std::string_view hash, std::string_view address, const chain::integer& amount) {
  return execute(tx, fund_account, hash, address, amount).size() == 1;
}

result<std::vector<transaction_row>> for_address(transaction& tx, std::string_view address) {
  return detail::read_transactions(execute(tx, of_address, address));
}

result<std::vector<transaction_row>> of_block(transaction& tx, std::int64_t number) {
  return detail::read_transactions(execute(tx, in_block, number));
}

result<std::vector<std::string>> hashes_of_block(transaction& tx, std::int64_t number) {
  return first_column(execute(tx, hashes_in_block, number));
}

result<std::vector<transaction_row>> of_newest_block(transaction& tx, std::int64_t number) {
  return detail::read_transactions(execute(tx, in_newest_block, number));
}

result<std::vector<std::string>> hashes_of_newest_block(transaction& tx, std::int64_t number) {
  return first_column(execute(tx, hashes_in_newest_block, number));
}

result<std::optional<std::int64_t>> latest_block(transaction& tx) {
  return detail::optional_integer<std::int64_t>(execute(tx, newest_block)[0][0]);
}

result<std::optional<transaction_row>> by_hash(transaction& tx, std::string_view hash) {
  const auto rows = execute(tx, one, hash);
  if (rows.empty()) return std::optional<transaction_row>{};
  return detail::read_transaction(rows[0]);
}

result<bool> is_known(transaction& tx, std::string_view hash) { return !execute(tx, known, hash).empty(); }

result<bool> set_status(transaction& tx, std::string_view hash, tx_status status) {
  return execute(tx, change_status, hash, to_string(status)).size() == 1;
}

result<workload> count_workload(transaction& tx) {
  const auto counts = execute(tx, contracts_at_work)[0];
  return workload{detail::integer<std::int64_t>(counts[0]), detail::integer<std::int64_t>(counts[1])};
}

}  // namespace quorate::db::transactions
