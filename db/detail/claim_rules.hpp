// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/transaction.hpp"

/// The predicates behind every claim (docs/spec/database.md §2.11), as SQL over the table aliases they are given. A
/// plain look for candidates and the re-check under the lock must agree, so each rule is written once.
namespace quorate::db::detail {

/// Rows of one recipient. `IS NOT DISTINCT FROM` cannot use an index: a recipient and "none" (burn) have statements
/// apart.
enum class recipient { someone, none };

/// The recipient's advisory lock is hashtext(coalesce(to_address, hash)), as upstream's: a statement of its own, so
/// that what is checked afterwards sees everything its former holder committed (B1), and taken for one row only (B2,
/// A12).
bool try_lock(transaction& tx, std::optional<std::string_view> to_address, std::string_view hash);

/// SQL for intervals, times and the settings of lease_rules and window_rules, as parameters of a statement.
struct rule_parameters {
  std::string lease, stranded, window, reduction;  // "$2" …: seconds, seconds, seconds, fraction
};

/// `a` and `b` have the same recipient.
std::string same_recipient(recipient kind, std::string_view a, std::string_view b);
/// `a` comes before `b`. Rows of one database transaction share created_at (B22).
std::string older(std::string_view a, std::string_view b);
/// Nobody works on the row.
std::string not_leased(std::string_view row, const rule_parameters& with);
/// Nobody works on another row of its recipient.
std::string recipient_free(recipient kind, std::string_view row, const rule_parameters& with);
/// Awaiting, not appealed, and its window is over or it is stranded without a time (B5).
std::string window_over(std::string_view row, const rule_parameters& with);
/// No older row of its recipient, of any type, is still open (A13).
std::string nothing_older_open(recipient kind, std::string_view row);
/// No older transfer of its recipient could be finalized now (A14, A15): that one goes first. Only what this program
/// itself finalizes counts, and only when nothing keeps it from being finalized; waiting for anything else could last
/// for ever.
std::string nothing_older_to_finalize(recipient kind, std::string_view row, const rule_parameters& with);

/// consensus_history with `status` (an SQL text expression) appended to current_status_changes, which starts as
/// ["PENDING", status]. Whatever the history was, JSON null and arrays included (A9, B16), it is an object afterwards;
/// it is never read into this process, so its numbers stay what they are (A8).
std::string tracked(std::string_view status);

}  // namespace quorate::db::detail
