// SPDX-License-Identifier: MIT
#include "chain/personal_message.hpp"

#include <algorithm>

#include "chain/address.hpp"

namespace quorate::chain {

hash256 personal_message_hash(bytes_view message) {
  bytes preimage;
  append(preimage, as_bytes("\x19"
                            "Ethereum Signed Message:\n"));
  append(preimage, as_bytes(std::to_string(message.size())));
  append(preimage, message);
  return keccak256(preimage);
}

result<ecdsa_signature> parse_signature(std::string_view text) {
  const auto data = from_hex(text);
  if (!data || data->size() != 65) return fail(errc::invalid_params, "Invalid signature");
  const auto v = read_v(integer{data->back()});
  if (!v) return fail(errc::invalid_params, "Invalid signature");
  ecdsa_signature out;
  std::copy_n(data->begin(), 32, out.r.begin());
  std::copy_n(data->begin() + 32, 32, out.s.begin());
  out.odd = v->odd;
  return out;
}

result<std::string> recover_personal_signer(bytes_view message, std::string_view signature) {
  const auto parsed = parse_signature(signature);
  if (!parsed) return tl::unexpected{parsed.error()};
  const auto signer = recover_signer(personal_message_hash(message), *parsed);
  if (!signer) return fail(errc::invalid_params, "Invalid signature");
  return address_text(*signer).value();
}

result<std::string> sign_personal_message(bytes_view message, const private_key& key) {
  return sign_digest(personal_message_hash(message), key).map([](const ecdsa_signature& signature) {
    std::string out = to_hex_0x(signature.r);
    append_hex(out, signature.s);
    return out + (signature.odd ? "1c" : "1b");
  });
}

hash256 cancel_message(const hash256& transaction) {
  bytes preimage;
  append(preimage, as_bytes("cancel_transaction"));
  append(preimage, transaction);
  return keccak256(preimage);
}

hash256 upgrade_message(const address20& contract, const integer& count, std::string_view new_code) {
  bytes preimage;
  append(preimage, contract);
  append(preimage, to_word(count));
  append(preimage, keccak256(new_code));
  return keccak256(preimage);
}

}  // namespace quorate::chain
