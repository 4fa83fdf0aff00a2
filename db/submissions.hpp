// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chain/hex.hpp"
#include "db/transactions.hpp"

/// What signed transactions write (docs/spec/database.md §2.4, §2.5): each in one database transaction, money included.
namespace quorate::db::submissions {

/// How many PENDING transactions a contract or a sender may have; 0: any number.
struct pending_caps {
  std::int64_t per_contract = 0, per_sender = 0;
};

/// A SEND, DEPLOY or RUN; `row.from_address` is the signer.
struct submission {
  transactions::new_transaction row;
  chain::integer payment;  // taken from the signer now; what is missing is minted first. A SEND pays when it runs: 0
  pending_caps caps;       // for DEPLOY and RUN
  chain::bytes forward;    // what is called on the rollup (db/forwards.hpp); empty: nothing is forwarded
};

enum class verdict {
  stored,
  known,          // the hash is there already: nothing was written, nothing taken
  no_contract,    // RUN: nobody has heard of the recipient
  contract_full,  // one of the caps
  sender_full,
};
struct outcome {
  verdict what = verdict::stored;
  std::int64_t pending = 0;  // of the contract or sender that is full
};

/// Anything but `stored` has written nothing. `place` as for transactions::insert.
result<outcome> submit(transaction& tx, const submission& s, std::size_t place = 0);
/// Many, of one database transaction, in their order: a commit costs the same for one as for hundreds, and PostgreSQL
/// lets commits that notify pass one at a time. One outcome each, as submit() would have it.
result<std::vector<outcome>> store(transaction& tx, std::span<const submission> group);

/// Marks an ACCEPTED, UNDETERMINED, LEADER_TIMEOUT or VALIDATORS_TIMEOUT transaction as appealed now. Empty: unknown
/// hash; else the status it was found in, which tells whether anything was done.
result<std::optional<tx_status>> appeal(transaction& tx, std::string_view hash);
/// Whether a transaction in this status can be appealed.
bool is_appealable(tx_status status);

struct cancellation {
  bool canceled = false;
  std::string status;  // before, when it was not canceled
};
/// Cancels a PENDING or ACTIVATED transaction that nobody works on, and gives back what its sender has paid (B8).
/// Empty: unknown hash.
result<std::optional<cancellation>> cancel(transaction& tx, std::string_view hash);
struct sender_of {
  bool known = false;                  // the hash
  std::optional<std::string> address;  // none: the faucet's
};
/// The account that may cancel it.
result<sender_of> sender(transaction& tx, std::string_view hash);

}  // namespace quorate::db::submissions
