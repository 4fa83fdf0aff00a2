// SPDX-License-Identifier: MIT
#include "chain/contract_address.hpp"

#include "chain/address.hpp"

namespace quorate::chain {

namespace {

/// keccak(0x01 ‖ deployer ‖ salt ‖ domain), its first 20 bytes.
std::string salted_address(const address20& deployer, const integer& salt, bytes_view domain) {
  bytes preimage{1};
  append(preimage, deployer);
  append(preimage, to_word(salt));
  append(preimage, domain);
  const hash256 hash = keccak256(preimage);
  return address_text(bytes_view{hash}.first(20)).value();
}

}  // namespace

std::string child_contract_address(const address20& parent, const integer& salt, const integer& chain_id) {
  return salted_address(parent, salt, to_word(chain_id));
}

std::string deploy_address(const address20& sender, const integer& nonce, const hash256& transaction) {
  return salted_address(sender, nonce, transaction);
}

}  // namespace quorate::chain
