// SPDX-License-Identifier: MIT
#include "tests/common/signed_calls.hpp"

#include "chain/payload.hpp"
#include "chain/rollup.hpp"
#include "chain/signed_transaction.hpp"

namespace quorate::tests {

namespace {

chain::private_key key_of(std::uint64_t number) {
  const auto word = chain::to_word(chain::integer{number});
  return chain::parse_private_key(chain::to_hex(word)).value();
}

}  // namespace

signing_account::signing_account(std::uint64_t number)
    : key_{key_of(number)}, address_{chain::address_of(key_).value()} {}

std::string signing_account::sign(std::uint64_t nonce, const chain::address20& to, const chain::bytes& data,
                                  std::uint64_t value) const {
  chain::transaction_fields fields;
  fields.chain_id = 61127;
  fields.nonce = nonce;
  fields.to = to;
  fields.value = value;
  fields.data = data;
  return chain::to_hex_0x(chain::sign_transaction(fields, key_).value());
}

std::string signing_account::add(std::uint64_t nonce, const chain::address20& recipient,
                                 const chain::bytes& payload) const {
  const auto call = chain::encode_add_transaction({.sender = address_,
                                                   .recipient = recipient,
                                                   .num_of_initial_validators = 5,
                                                   .max_rotations = 3,
                                                   .payload = payload});
  return sign(nonce, {}, call.value(), 0);
}

std::string signing_account::deploy(std::uint64_t nonce, const std::string& code) const {
  return add(nonce, {}, chain::encode_deploy_payload(chain::as_bytes(code), chain::as_bytes("\x06"), false));
}

std::string signing_account::run(std::uint64_t nonce, const chain::address20& contract) const {
  return add(nonce, contract, chain::encode_run_payload(chain::as_bytes("\x06"), false));
}

std::string signing_account::transfer(std::uint64_t nonce, const chain::address20& to, std::uint64_t wei) const {
  return sign(nonce, to, {}, wei);
}

}  // namespace quorate::tests
