// SPDX-License-Identifier: MIT
#include "db/transfers.hpp"

#include <unordered_set>

#include "db/detail/statement.hpp"

namespace quorate::db::transfers {

namespace {

// Columns as transactions::insert leaves them. Each row a microsecond after the one before it: the order of arrival is
// the order in which they are processed. One notification tells the loops, which look at everything;
// whoever listens on a socket hears of each row.
const detail::statement insert_rows{"transfers_insert", R"sql(
  WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::numeric[], $7::integer[],
                         $8::text[])
      WITH ORDINALITY AS g (hash, from_address, to_address, data, nonce, value, rotations, sim_config, place)),
  inserted AS (
    INSERT INTO transactions (
      hash, status, type, from_address, to_address, input_data, data, consensus_data, nonce, value,
      leader_only, execution_mode, origin_address,
      appealed, appeal_failed, appeal_undetermined, appeal_leader_timeout, appeal_validators_timeout,
      appeal_processing_time, consensus_history, config_rotation_rounds, rotation_count, sim_config, created_at)
    SELECT
      hash, 'PENDING', 0, from_address, nullif(to_address, ''), 'null', data::jsonb, 'null', nonce, value,
      false, 'NORMAL', from_address,
      false, 0, false, false, false,
      0, '{}', rotations, 0, sim_config::jsonb, CURRENT_TIMESTAMP + place * interval '1 microsecond'
    FROM given ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING hash, from_address),
  accounts AS (
    INSERT INTO current_state (id, data, balance)
    SELECT DISTINCT from_address, '{}'::jsonb, 0 FROM inserted ORDER BY from_address
    ON CONFLICT (id) DO NOTHING),
  told AS (SELECT pg_notify('quorate_transactions', min(hash)) FROM inserted HAVING count(*) > 0)
  SELECT hash, (SELECT count(*) FROM told), pg_notify('quorate_events', 'new ' || hash) FROM inserted)sql"};

/// One column of `rows`, as an array literal. Hashes, addresses and numbers need no quotes; JSON does.
template <class Of>
std::string column(std::span<const transactions::new_transaction* const> rows, Of of) {
  std::vector<std::string> values;
  values.reserve(rows.size());
  for (const auto* const row : rows) values.push_back(of(*row));
  return detail::text_array(values);
}

}  // namespace

result<std::vector<bool>> store(transaction& tx, std::span<const transactions::new_transaction* const> rows) {
  std::vector<bool> stored(rows.size(), false);
  if (rows.empty()) return stored;
  using row = transactions::new_transaction;
  const auto inserted =
      execute(tx, insert_rows, column(rows, [](const row& r) { return r.hash; }),
              column(rows, [](const row& r) { return r.from_address.value_or(std::string{}); }),
              column(rows, [](const row& r) { return r.to_address.value_or(std::string{}); }),
              column(rows, [](const row& r) { return r.data.value_or("null"); }),
              column(rows, [](const row& r) { return std::to_string(r.nonce.value_or(0)); }),
              column(rows, [](const row& r) { return chain::to_decimal(r.value); }),
              column(rows, [](const row& r) { return std::to_string(r.config_rotation_rounds.value_or(0)); }),
              column(rows, [](const row& r) { return r.sim_config.value_or("null"); }));
  std::unordered_set<std::string_view> fresh;
  for (const auto& one : inserted) fresh.insert(detail::text(one[0]));
  for (std::size_t i = 0; i < rows.size(); ++i) stored[i] = fresh.erase(rows[i]->hash) > 0;
  return stored;
}

}  // namespace quorate::db::transfers
