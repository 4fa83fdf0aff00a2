// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/hex.hpp"
#include "db/transaction.hpp"

/// The outbox of transactions that are to be recorded on a rollup (docs/spec/decisions.md, Rollup): table
/// quorate.forwards. A row is waiting, then signed (the node may have seen the bytes), then done or failed.
///
/// Nothing is sent whose bytes are not stored here and committed. So a process that comes after a crash finds what may
/// be on its way, asks the node what became of exactly those bytes, and sends the same ones again rather than others.
/// One process at a time does all this, under a lease: the nonces of one account are one sequence.
namespace quorate::db::forwards {

/// In the transaction that stores the submission. `call`: what is called on the rollup. Notifies the forwarder of every
/// process. A hash that is there already is left as it is.
void add(transaction& tx, std::string_view hash, chain::bytes_view call);

struct forward {
  std::string hash = {};  // of the transaction, 0x and 64 digits
  chain::bytes call = {};
  chain::bytes raw = {};         // the signed bytes; empty: not signed yet
  std::string rollup_hash = {};  // their hash on the rollup
  bool fresh = false;            // signed in this very turn: nobody has sent it yet
  std::chrono::milliseconds age{0};
};

struct signed_call {
  chain::bytes raw;
  std::string rollup_hash;
};
/// Signs the `index`-th waiting row of a turn. Called inside the database transaction, which may be repeated: it must
/// be pure and must not wait.
using signer = std::function<result<signed_call>(const forward& row, std::size_t index)>;

/// What became of a signed row.
struct settlement {
  enum class what : std::uint8_t {
    done,    // it is on the rollup
    failed,  // it will never be, and is not tried again
    again,   // these bytes can never be mined: back to waiting, to be signed anew
  };
  std::string hash = {};
  settlement::what how = what::done;
  std::string rollup_id = {};  // done: the id that the rollup's event announces
  std::int64_t block = 0;      // done
  std::string error = {};      // failed, again
};

struct turn {
  std::string holder;                 // this process
  std::chrono::milliseconds lease{};  // from now on
  bool hold = true;                   // false: only counts, and neither takes nor renews the lease
  std::vector<settlement> settled = {};
  std::size_t limit = 32;  // rows; a few large ones are taken for many. 0: none, the lease alone
  signer sign = {};        // empty: waiting rows are only counted
};
struct turn_report {
  /// False: another process holds the lease for `held_for` longer, or it was not asked for. Nothing was done.
  bool held = false;
  std::chrono::milliseconds held_for{0};
  /// Every row that was signed before, oldest first; only when there are none, up to `limit` waiting ones, now signed.
  std::vector<forward> rows;
  /// Rows neither done nor failed.
  std::int64_t open = 0;
};
/// One turn of the process that holds the lease, or takes it: settles, renews, hands out. One database transaction.
result<turn_report> take_turn(transaction& tx, const turn& what);

/// Settles and gives the lease back. Nothing happens when another process holds it.
status leave(transaction& tx, std::string_view holder, const std::vector<settlement>& settled);

}  // namespace quorate::db::forwards
