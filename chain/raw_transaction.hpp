// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/keccak.hpp"
#include "chain/payload.hpp"
#include "chain/result.hpp"
#include "chain/u256.hpp"

/// What the text given to eth_sendRawTransaction means (docs/spec/encoding.md §1, decisions.md "Bytes" and Q23).
namespace quorate::chain {

/// The first three are stored, by these numbers; the others act on a stored transaction and make no row of their own.
enum class transaction_kind : std::uint8_t { send = 0, deploy = 1, run = 2, appeal, top_up, top_up_and_appeal };

/// In the unit of each: time units, gas, wei.
struct fees_distribution {
  integer leader_timeunits_allocation{};
  integer validator_timeunits_allocation{};
  integer appeal_rounds{};
  integer execution_budget_per_round{};
  integer execution_consumed{};
  integer total_message_fees{};
  std::vector<integer> rotations{};
  integer max_price_gen_per_time_unit{};
  integer storage_fee_max_gas_price{};
  integer receipt_fee_max_gas_price{};
};

struct message_allocation {
  std::uint8_t message_type = 0;  // 0 external, 1 internal
  bool on_acceptance = false;
  integer parent_index{};   // 2^256-1: a root
  std::string recipient{};  // EIP-55
  std::string call_key{};   // 0x and 64 digits; zero: any
  integer budget{};
  bytes fee_params{};
};

/// Addresses are EIP-55 text, ids and hashes 0x and 64 lower-case digits.
struct decoded_transaction {
  transaction_kind kind = transaction_kind::send;
  std::string hash{};  // keccak of the bytes as submitted
  /// Recovered from the signature. Of DEPLOY and RUN it equals the argument `_sender`.
  std::string from{};
  /// Of SEND the envelope's, none when that is empty; of RUN the contract; none for all others.
  std::optional<std::string> to{};
  integer nonce{};
  std::optional<integer> chain_id{};  // none: signed before EIP-155
  integer gas{};
  /// What the transaction carries; `fee` is what is paid for it; `spend`, the envelope's value, leaves the sender.
  integer value{};
  integer fee{};
  integer spend{};

  std::optional<integer> num_of_initial_validators{};  // DEPLOY, RUN
  std::optional<integer> max_rotations{};              // DEPLOY, RUN; of SEND the server's default holds
  call_payload payload{};                              // DEPLOY, RUN
  bytes payload_bytes{};                               // the same as it came

  std::optional<integer> valid_until{};     // seconds since 1970; only the form with fees has it
  integer salt_nonce{};                     // stored, used for no address
  std::optional<fees_distribution> fees{};  // also of top-ups
  std::vector<message_allocation> message_allocations{};

  std::string target_id{};  // appeals and top-ups: the transaction they act on
};

struct raw_transaction_rules {
  std::uint64_t chain_id = 61127;    // the server's own
  bool accept_any_chain_id = false;  // rpc.accept_any_chain_id
};

/// Every failure is errc::invalid_params: "Invalid transaction data" for whatever is wrong with hex, envelope,
/// signature or arguments; "chain id N is not accepted here"; "sender does not match the signature"; "F is not
/// supported in a raw transaction" for a function of ConsensusMain that has no meaning here; "Invalid transaction
/// payload".
result<decoded_transaction> decode_raw_transaction(std::string_view text, const raw_transaction_rules& rules = {});

/// The numbers fit the columns that they go to: nonce, validators and rotations 31 bits, value and fee 78 digits
/// (docs/spec/encoding.md §1.2, §1.4). errc::invalid_params with the name of the first that does not.
status check_storable(const decoded_transaction& transaction);

}  // namespace quorate::chain
