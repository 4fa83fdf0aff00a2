// SPDX-License-Identifier: MIT
#include "db/reads.hpp"

#include "db/detail/transaction_columns.hpp"

namespace quorate::db {

namespace {

using values = std::unordered_map<std::string, read_value>;

const detail::statement balances{"read_balances",
                                 "SELECT id, balance::text FROM current_state WHERE id = ANY($1::text[])"};
const detail::statement sender_nonces{
    "read_sender_nonces",
    "SELECT from_address, count(*) FROM transactions WHERE from_address = ANY($1::text[]) GROUP BY from_address"};
const detail::statement target_nonces{
    "read_target_nonces",
    "SELECT to_address, count(*) FROM transactions WHERE to_address = ANY($1::text[]) GROUP BY to_address"};
const detail::statement transactions_by_hash{
    "read_transactions", "SELECT " + detail::all_columns() + " FROM transactions t WHERE t.hash = ANY($1::text[])"};
const detail::statement receipts{
    "read_receipts", "SELECT " + detail::small_columns() + " FROM transactions t WHERE t.hash = ANY($1::text[])"};

// The key of the code slot is the same in every contract (docs/spec/database.md §2.3). Before accepted and finalized
// were told apart, the whole of `state` was the accepted one (§2.7). An account without data (the seed's "{}" too) is
// no contract, which is not the same as one without code (docs/spec/json-rpc.md §5).
const detail::statement codes{"read_contract_codes", R"sql(
  SELECT id, coalesce((CASE WHEN data -> 'state' ? 'accepted' THEN data -> 'state' -> 'accepted' ELSE data -> 'state' END)
                      ->> '4a4jQSeS32tqmPt8mDlwH7iwK2/H7QIoEPeDRklGhec=', '')
  FROM current_state WHERE id = ANY($1::text[]) AND jsonb_typeof(data) = 'object' AND data <> '{}')sql"};

values pairs(const pqxx::result& rows, read_value (*value)(const pqxx::field&)) {
  values found;
  found.reserve(rows.size());
  for (const auto& row : rows) found.emplace(detail::text(row[0]), value(row[1]));
  return found;
}

values whole_rows(const pqxx::result& rows) {
  values found;
  found.reserve(rows.size());
  for (const auto& row : rows) {
    auto read = std::make_shared<const transaction_row>(detail::read_transaction(row));
    auto hash = read->hash;
    found.emplace(std::move(hash), std::move(read));
  }
  return found;
}

read_value as_count(const pqxx::field& field) { return detail::integer<std::uint64_t>(field); }
read_value as_wei(const pqxx::field& field) { return detail::big_integer(field); }
read_value as_text(const pqxx::field& field) { return std::string{detail::text(field)}; }

values read(transaction& tx, read_kind kind, const std::vector<std::string>& keys) {
  const auto list = detail::text_array(keys);
  switch (kind) {
    case read_kind::balance: return pairs(execute(tx, balances, list), as_wei);
    case read_kind::sender_nonce: return pairs(execute(tx, sender_nonces, list), as_count);
    case read_kind::target_nonce: return pairs(execute(tx, target_nonces, list), as_count);
    case read_kind::transaction: return whole_rows(execute(tx, transactions_by_hash, list));
    case read_kind::receipt: return whole_rows(execute(tx, receipts, list));
    case read_kind::contract_code: return pairs(execute(tx, codes, list), as_text);
  }
  return {};
}

}  // namespace

result<read_results> read_many(transaction& tx, const read_keys& keys) {
  read_results found;
  for (const auto& [kind, wanted] : keys) found.emplace(kind, read(tx, kind, wanted));
  return found;
}

}  // namespace quorate::db
