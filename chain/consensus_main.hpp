// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chain/abi_type.hpp"

/// The contract ConsensusMain as clients know it: its functions and events (docs/spec/encoding.md §1.4, §6.1, §6.3;
/// facts in tests/data/vectors/abi.json).
namespace quorate::chain {

using selector4 = std::array<std::uint8_t, 4>;

/// The functions whose calls mean something in a raw transaction.
struct consensus_calls {
  abi_signature add_transaction;
  abi_signature add_transaction_with_fees;  // one tuple; addTransaction and deploySalted take the same
  abi_signature deploy_salted;
  abi_signature submit_appeal;
  abi_signature top_up_fees;
  abi_signature top_up_and_submit_appeal;
};
const consensus_calls& known_calls();

/// The canonical text of a function that upstream's parser knows and does not handle, or that a client sends as its
/// second try; empty for every other selector, of the handled ones too.
std::string_view unhandled_call(const selector4& selector);

/// The ABI that sim_getConsensusContract answers when no deployment has another: JSON text, an array of functions and
/// events. Names of tuple members, and results of functions that no public standard defines, are not known and empty.
const std::string& consensus_main_abi();

/// Functions that exist in the deployed contract only, called by the backend itself; by name. Null for other names.
const abi_signature* rollup_function(std::string_view name);

/// NewTransaction(bytes32 indexed txId, address indexed recipient, address indexed activator).
const hash256& new_transaction_topic();

}  // namespace quorate::chain
