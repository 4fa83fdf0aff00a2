// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "actors/time.hpp"
#include "actors/web3/json_rpc.hpp"
#include "chain/signature.hpp"
#include "db/forwards.hpp"

namespace quorate::actors::web3 {

/// One signed transaction on its way. What is done next follows from three facts that every node can tell, in this
/// order: how many nonces of the account are used up (latest), whether the transaction has a receipt, and where the
/// account's next one would go (pending). No node's error text is ever interpreted.
struct row {
  enum class phase : std::uint8_t {
    send,         // it fits, or did when it was signed: let the node have it
    check_used,   // its fate is unknown: how many nonces are used up?
    check_mined,  // then: is there a receipt?
    check_next,   // then: what is the account's next nonce?
    sent,         // the node has it; a receipt is to come
    reverted,     // mined without effect: does the rollup know its id already?
    settled,
    again,  // these bytes can never be mined
  };

  db::forwards::forward what{};
  std::uint64_t chain_id = 0, nonce = 0;
  chain::address20 account{};
  phase at = phase::send;
  std::uint64_t used = 0;  // of check_used
  bool rejected = false;   // the node would not take it when it was last sent
  std::size_t rejections = 0, polls = 0;
  std::string error = {};   // the node's last word about it
  time_point not_before{};  // nothing is asked about it before
  time_point taken_at{}, sent_at{}, checked_at{};
  bool overdue = false;  // not mined for longer than one has patience
  db::forwards::settlement outcome{};

  bool on_its_way() const noexcept { return at != phase::settled && at != phase::again; }
  /// Whatever was known of it is old: look again.
  void doubt() noexcept {
    if (on_its_way()) at = phase::check_used;
    rejected = false;
  }
};

/// A row of a turn. Bytes that are no signed transaction come back as one to be signed again.
row make_row(db::forwards::forward what, std::uint64_t chain_id, std::uint64_t nonce, const chain::address20& own);

/// What becomes of a transaction without a receipt, when `used` nonces were used up before that was asked and the
/// account's next one is `next`.
enum class fate : std::uint8_t {
  replaced,   // another one has its nonce
  pending,    // the node has it
  fits,       // it is the account's next one
  too_early,  // there is a gap before it that nobody will fill
};
fate fate_of(std::uint64_t nonce, std::uint64_t used, std::uint64_t next) noexcept;

}  // namespace quorate::actors::web3
