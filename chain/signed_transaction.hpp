// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "chain/signature.hpp"

/// The envelopes that wallets sign: legacy, EIP-2930 and EIP-1559 (docs/spec/encoding.md §1.2, §1.3).
namespace quorate::chain {

/// The number is the type byte; a legacy envelope has none.
enum class envelope_type : std::uint8_t { legacy = 0, access_list = 1, dynamic_fee = 2 };

/// What is signed. No number has an upper bound here: nothing but their form is checked.
struct transaction_fields {
  envelope_type type = envelope_type::legacy;
  std::optional<integer> chain_id{};  // none: a legacy envelope from before EIP-155
  integer nonce{};
  integer gas_price{};         // of EIP-1559 the most that is paid
  integer max_priority_fee{};  // EIP-1559 only
  integer gas{};
  std::optional<address20> to{};
  integer value{};
  bytes data{};
};

struct signed_transaction {
  transaction_fields fields;
  ecdsa_signature signature;
  hash256 signing_hash{};
  hash256 hash{};  // of the bytes as submitted, type byte included
  address20 sender{};
};

/// Decodes and recovers the sender; both hashes are over the items as they were received, also where a nonce of zero is
/// written as the byte 0x00 (decisions.md "Bytes"). Every failure is errc::invalid_params "Invalid transaction data",
/// the reason is its detail.
result<signed_transaction> decode_signed_transaction(bytes_view raw);

/// The bytes for eth_sendRawTransaction. The access list of the typed envelopes is empty; they need a chain id
/// (errc::internal without one).
result<bytes> sign_transaction(const transaction_fields& fields, const private_key& key);

}  // namespace quorate::chain
