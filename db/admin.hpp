// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"

/// Tables, snapshots and the finality window (docs/spec/database.md §2.10; decisions.md Q21, Q29, Q30).
namespace quorate::db {

/// DELETE FROM each named table, in order. errc::invalid_params `Unknown table: <name>` before anything is deleted.
/// That there are no validators any more is told as validators::remove_all() tells it (Q29).
status clear_tables(transaction& tx, const std::vector<std::string>& tables);

namespace snapshots {
/// Copies every column of current_state and transactions, as they were at one moment; the new snapshot's id. Blocks
/// nobody.
result<std::int64_t> create(transaction& tx);
/// False: unknown id. Reads upstream's form, too (missing columns take their defaults). One transaction that no
/// worker's step can mix with. Every column comes back as it was, except the leases (blocked_at, worker_id): whoever
/// held them has gone. errc::parse_error for damaged data.
result<bool> restore(transaction& tx, std::int64_t id);
result<std::int64_t> remove_all(transaction& tx);
}  // namespace snapshots

namespace finality_window {
/// Seconds, from quorate.settings; empty when never set.
result<std::optional<std::int64_t>> get(transaction& tx);
/// Stores and notifies every process (channel quorate_settings).
status set(transaction& tx, std::int64_t seconds);
}  // namespace finality_window

}  // namespace quorate::db
