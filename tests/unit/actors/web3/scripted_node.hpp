// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "chain/json.hpp"
#include "chain/signature.hpp"

namespace quorate::actors::web3::tests {

/// A chain with one contract, small enough to be read: nonces, a pool, blocks of one transaction, receipts. It answers
/// the calls that the machine makes, as Hardhat or Anvil would.
class scripted_node {
 public:
  /// The text of a request; the text of the answer.
  std::string answer(const std::string& request);
  /// The process died and came back: nothing is left of the chain.
  void restart();
  /// Mines what lies in the pool without a gap.
  void mine();
  /// Another user of the account: `count` nonces are used up.
  void use_nonces(std::uint64_t count) {
    used += count;
    mine();
  }
  /// How often NewTransaction was emitted for this id.
  std::size_t recorded(const std::string& id) const;

  std::uint64_t chain_id = 31337;
  bool automine = true;
  bool keeps_gaps = false;  // Anvil: a nonce that is too high waits; Hardhat refuses it
  bool knows_ids = true;    // our contract: an id comes in once
  bool takes_batches = true;
  std::size_t batches = 0;  // that came
  bool has_contract = true, emits = true;
  std::string refuses;               // every transaction, with these words
  bool holds_next = false;           // the next transaction is kept for good, refused as known, and never mined
  std::uint64_t used = 0;            // nonces of the account
  std::vector<std::string> events;   // ids, in their order
  std::map<std::string, int> calls;  // by method

 private:
  struct mined {
    std::uint64_t block;
    bool succeeded;
    std::string id;
  };
  chain::json answer_one(const chain::json& call);
  chain::json result_of(const std::string& method, const chain::json& params);
  chain::json send(const std::string& raw);
  void include(const std::string& raw);
  std::uint64_t next() const;

  std::map<std::uint64_t, std::string> pool_;
  std::set<std::string> held_;
  std::map<std::string, mined> receipts_;
  std::uint64_t height_ = 0;
};

}  // namespace quorate::actors::web3::tests
