// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/abi.hpp"
#include "chain/json.hpp"
#include "chain/signature.hpp"

/// What goes to ConsensusMain on a rollup and comes back in its receipts (docs/spec/encoding.md §6.1, §6.3).
namespace quorate::chain {

/// The data of addTransaction, the five-argument form that every Studio knows. A zero recipient deploys.
struct add_transaction_call {
  address20 sender{};
  address20 recipient{};
  integer num_of_initial_validators{};
  integer max_rotations{};
  bytes payload{};  // chain/payload.hpp
};
result<bytes> encode_add_transaction(const add_transaction_call& call);
/// The same with two words behind the arguments: the id under which the transaction is to be announced, and the
/// recipient (of a deploy, which calls with a zero one, the contract's address). hardhat/contracts/ConsensusMain.sol
/// takes them and refuses an id that it knows; other contracts of that name pass over them.
result<bytes> encode_announced_transaction(const add_transaction_call& call, const hash256& id,
                                           const address20& recipient);
bytes encode_submit_appeal(const hash256& transaction);
/// The data of one of the emit… functions, by name. errc::internal for another name; errc::invalid_params for arguments
/// that do not fit.
result<bytes> encode_rollup_call(std::string_view name, const abi_values& arguments);

/// 64 or 40 hex digits behind an optional `0x`; empty for anything else.
std::optional<hash256> parse_hash(std::string_view text);
std::optional<address20> parse_address(std::string_view text);

/// The event that announces a transaction.
struct new_transaction {
  hash256 id{};
  address20 recipient{};
  address20 activator{};
  bool operator==(const new_transaction&) const = default;
};
/// Its four topics, 0x and 64 lower-case digits each; its data is empty.
std::vector<std::string> topics_of(const new_transaction& event);
/// Empty when the topics are not those of this event.
std::optional<new_transaction> read_topics(const std::vector<std::string>& topics);
/// The events in the `logs` of a receipt as a node answers it, in their order; other logs are passed over, also such as
/// are not of the expected shape.
std::vector<new_transaction> new_transactions_in(const json& receipt);

}  // namespace quorate::chain
