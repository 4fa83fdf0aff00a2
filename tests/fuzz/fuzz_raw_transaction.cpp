// SPDX-License-Identifier: MIT
#include "chain/raw_transaction.hpp"
#include "chain/signed_transaction.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

/// Bytes of an envelope: the refusals are those of the description, and what one signs anew means the same.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const chain::bytes_view input{data, size};
  const chain::raw_transaction_rules any{.accept_any_chain_id = true};
  const auto decoded = chain::decode_raw_transaction(chain::to_hex(input), any);
  const auto envelope = chain::decode_signed_transaction(input);
  check(envelope || !decoded);
  if (!decoded) check(decoded.error().code == errc::invalid_params && !decoded.error().message.empty());
  if (decoded) check(decoded->spend == envelope->fields.value && decoded->from.size() == 42);
  if (decoded) (void)chain::check_storable(*decoded);
  if (!envelope) return 0;
  static const chain::private_key key = chain::parse_private_key(std::string(64, '1')).value();
  const auto anew = chain::sign_transaction(envelope->fields, key);
  check(anew.has_value());
  const auto back = chain::decode_signed_transaction(*anew);
  check(back && back->sender == chain::address_of(key).value() && back->fields.data == envelope->fields.data);
  check(back->fields.nonce == envelope->fields.nonce && back->fields.chain_id == envelope->fields.chain_id);
  return 0;
}
