// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "actors/time.hpp"
#include "chain/signature.hpp"
#include "consensus/backoff.hpp"

namespace quorate::actors::web3 {

struct settings {
  chain::private_key key{};        // of the account that pays and whose nonces are counted
  chain::address20 contract{};     // ConsensusMain
  std::uint64_t gas = 50'000'000;  // limit of one transaction; the price is 0
  std::string holder = "process";  // names this process among those on one database

  std::size_t batch = 64;  // transactions signed ahead, in one database transaction
  std::chrono::milliseconds call_timeout{5'000};
  /// Only one process forwards. A lease that is not renewed for so long is another's to take; longer than two calls.
  std::chrono::milliseconds lease{15'000};
  std::chrono::milliseconds poll{5'000};        // fallback; new rows are heard of
  std::chrono::milliseconds idle_close{4'000};  // before the node closes: Node's own default is 5 s
  std::chrono::milliseconds patience{30'000};   // without a receipt for so long: not mined
  std::chrono::milliseconds recheck{5'000};     // how often a transaction that is not mined is looked into
  std::chrono::milliseconds job_timeout{30'000};
  consensus::backoff receipt_poll{std::chrono::milliseconds{10}, std::chrono::milliseconds{1'000}};
  consensus::backoff retry{std::chrono::milliseconds{100}, std::chrono::milliseconds{5'000}};
  std::size_t breaker_failures = 3;  // in a row: the node counts as away, whoever waits for it is let go
  /// Of one transaction that fits its nonce; then it is signed anew, and after as many again it has failed.
  std::size_t max_rejections = 6;
};

}  // namespace quorate::actors::web3
