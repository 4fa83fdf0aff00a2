// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "chain/signature.hpp"

/// Addresses of contracts that do not exist yet (docs/spec/encoding.md §4.4, decisions.md Q24). Unlike Ethereum's they
/// are the first 20 bytes of a hash. EIP-55 text; std::range_error for a number of more than 256 bits.
namespace quorate::chain {

/// Of a contract that `parent` deploys with a salt other than 0 (0 asks for a random address).
std::string child_contract_address(const address20& parent, const integer& salt, const integer& chain_id);

/// Of a DEPLOY without a rollup that would give one: the same rule over what identifies the transaction, so that
/// submitting it again gives the same contract.
std::string deploy_address(const address20& sender, const integer& nonce, const hash256& transaction);

}  // namespace quorate::chain
