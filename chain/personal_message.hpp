// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "chain/signature.hpp"

/// Messages that a wallet signs on a person's behalf (EIP-191), and the two of them that methods ask for
/// (docs/spec/encoding.md §5).
namespace quorate::chain {

/// What is signed: the hash of the message behind the prefix that keeps it from being a transaction.
hash256 personal_message_hash(bytes_view message);

/// 65 bytes r ‖ s ‖ v, as hex text. errc::invalid_params "Invalid signature" for anything else.
result<ecdsa_signature> parse_signature(std::string_view text);
/// The signer's address in EIP-55 form. errc::invalid_params "Invalid signature" when there is none.
result<std::string> recover_personal_signer(bytes_view message, std::string_view signature);
/// `0x`, r ‖ s ‖ 27 or 28.
result<std::string> sign_personal_message(bytes_view message, const private_key& key);

/// The message of sim_cancelTransaction.
hash256 cancel_message(const hash256& transaction);
/// The message of sim_upgradeContractCode; `count` is the answer of gen_getContractNonce.
hash256 upgrade_message(const address20& contract, const integer& count, std::string_view new_code);

}  // namespace quorate::chain
