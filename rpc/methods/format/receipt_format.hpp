// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "db/rows.hpp"

namespace quorate::rpc::methods {

/// `eth_getTransactionReceipt` (docs/spec/json-rpc.md §8.2, decisions.md Q19): there as soon as the row is, with one
/// NewTransaction log. A missing address is null in `from` and `to`, and the zero address inside the log, where event
/// decoders take no null. `contractAddress` is filled for deploys.
std::string format_receipt(const db::transaction_row& row);

/// The log of that receipt, as the subscription `logs` notifies of it.
std::string format_log(const db::transaction_row& row);
/// What filters look at: the log's address, then its topics, all in lower case.
std::vector<std::string> log_keys(const db::transaction_row& row);

/// The transaction has ended and did not do what it was sent for: cancelled, a transfer that moved nothing, or a
/// finalized run that failed. Such a receipt has status 0x0.
bool failed_for_good(const db::transaction_row& row);

}  // namespace quorate::rpc::methods
