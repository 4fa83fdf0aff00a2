// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "db/processing.hpp"
#include "db/transactions.hpp"

/// Transfers, many in one database transaction: a commit costs the same for one row as for hundreds, and PostgreSQL
/// lets commits that notify pass one at a time.
namespace quorate::db::transfers {

/// Inserts every row PENDING, in their order, with the accounts they name, and notifies once. One element per row:
/// false where the hash exists already, which changes nothing (as transactions::insert does). Rows of one call that
/// share a hash: the first counts. Of each row only what a signed SEND brings is looked at.
result<std::vector<bool>> store(transaction& tx, std::span<const transactions::new_transaction* const> rows);

/// What one turn of settle() did.
struct settlement {
  std::size_t finalized = 0, undetermined = 0;
  bool more = false;  // there were more than `limit`
};

/// Settles up to `limit` of the oldest claimable SEND rows, of as many recipients as they have, in this one
/// transaction. Each is dealt with as processing::process_send would one after another in order of arrival, under the
/// same locks and rules; a recipient that somebody else is at work on is left to them.
result<settlement> settle(transaction& tx, const processing::lease_rules& rules, std::size_t limit,
                          const processing::window_rules& window = {});

}  // namespace quorate::db::transfers
