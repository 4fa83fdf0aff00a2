// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/rows.hpp"
#include "db/transaction.hpp"

/// Statements on `transactions` for the RPC methods (docs/spec/database.md §2.4–2.6).
namespace quorate::db::transactions {

/// The columns an insert names; everything else takes the values of §2.4.
struct new_transaction {
  std::string hash;
  tx_type type = tx_type::send;
  std::optional<std::string> from_address, to_address;
  json_text data;  // empty: JSON null, as the faucet
  std::optional<std::int32_t> nonce;
  chain::integer value = 0;
  std::string execution_mode = "NORMAL";
  std::optional<std::string> triggered_by_hash, triggered_on, origin_address;
  std::optional<std::int32_t> config_rotation_rounds, num_of_initial_validators;
  json_text sim_config;
  std::vector<std::string> accounts;  // made with it where they are unknown
};

/// Inserts PENDING and notifies the sockets of every Quorate process and, of a SEND, the loops, which work on nothing
/// else (NOTIFY in the same transaction). False: the hash exists already and nothing changed (ON CONFLICT DO NOTHING).
/// `place` orders those of one database transaction: they came in so many microseconds after its beginning.
result<bool> insert(transaction& tx, const new_transaction& row, std::size_t place = 0);

/// The faucet: row and credit in one transaction (B7). False: the balance would outgrow its column (78 digits); the
/// caller rolls back.
result<bool> fund(transaction& tx, std::string_view hash, std::string_view address, const chain::integer& amount);

/// From or to the address, newest first, every column.
result<std::vector<transaction_row>> for_address(transaction& tx, std::string_view address);
/// The transactions of pseudo block `number` (timestamp_awaiting_finalization), oldest first. No index knows that
/// column: this reads the whole table.
result<std::vector<transaction_row>> of_block(transaction& tx, std::int64_t number);
result<std::vector<std::string>> hashes_of_block(transaction& tx, std::int64_t number);
/// The same for the second that is just now passing, by index: only transactions that still await finalization without
/// an appeal, which leaves out just those that were finalized or appealed within that second.
result<std::vector<transaction_row>> of_newest_block(transaction& tx, std::int64_t number);
result<std::vector<std::string>> hashes_of_newest_block(transaction& tx, std::int64_t number);
/// Largest timestamp_awaiting_finalization; empty when none.
result<std::optional<std::int64_t>> latest_block(transaction& tx);
result<std::optional<transaction_row>> by_hash(transaction& tx, std::string_view hash);
result<bool> is_known(transaction& tx, std::string_view hash);

/// Tracked status change of sim_updateTransactionStatus: appends to consensus_history.current_status_changes, and
/// notifies the loops of every process when the new status is one that they work on. False: unknown.
result<bool> set_status(transaction& tx, std::string_view hash, tx_status status);

/// Contracts that are occupied (PROPOSING, COMMITTING, UNDETERMINED) and runnable (PENDING and not occupied), for
/// Studio's three autoscaler gauges (docs/spec/json-rpc.md §3.1).
struct workload {
  std::int64_t occupied = 0, runnable = 0;
};
result<workload> count_workload(transaction& tx);

}  // namespace quorate::db::transactions
