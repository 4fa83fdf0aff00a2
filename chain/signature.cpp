// SPDX-License-Identifier: MIT
#include "chain/signature.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <memory>

namespace quorate::chain {

namespace {

/// Tables for signing; made once, then only read. Recovering needs none.
const secp256k1_context* signing_context() {
  static const std::unique_ptr<secp256k1_context, void (*)(secp256k1_context*)> context{
      secp256k1_context_create(SECP256K1_CONTEXT_NONE), secp256k1_context_destroy};
  return context.get();
}

address20 address_of_point(const secp256k1_pubkey& point) {
  std::array<std::uint8_t, 65> text{};
  std::size_t size = text.size();
  secp256k1_ec_pubkey_serialize(secp256k1_context_static, text.data(), &size, &point, SECP256K1_EC_UNCOMPRESSED);
  const hash256 hash = keccak256(bytes_view{text}.subspan(1));
  address20 out{};
  std::copy(hash.begin() + 12, hash.end(), out.begin());
  return out;
}

}  // namespace

std::optional<recovery_id> read_v(const integer& v) {
  if (v == 0 || v == 1) return recovery_id{.odd = v == 1, .chain_id = {}};
  if (v == 27 || v == 28) return recovery_id{.odd = v == 28, .chain_id = {}};
  if (v < 35) return std::nullopt;
  const integer rest = v - 35;
  return recovery_id{.odd = rest % 2 == 1, .chain_id = integer{rest / 2}};
}

std::optional<private_key> parse_private_key(std::string_view text) {
  const auto data = from_hex(text);
  private_key out{};
  if (!data || data->size() != out.size()) return std::nullopt;
  std::copy(data->begin(), data->end(), out.begin());
  if (secp256k1_ec_seckey_verify(secp256k1_context_static, out.data()) != 1) return std::nullopt;
  return out;
}

private_key make_private_key(const std::function<void(std::span<std::uint8_t>)>& random_bytes) {
  private_key out{};
  do {
    random_bytes(out);
  } while (secp256k1_ec_seckey_verify(secp256k1_context_static, out.data()) != 1);
  return out;
}

result<address20> address_of(const private_key& key) {
  secp256k1_pubkey point;
  if (secp256k1_ec_pubkey_create(signing_context(), &point, key.data()) != 1) {
    return fail(errc::internal, "Internal error", {}, "a private key out of range");
  }
  return address_of_point(point);
}

result<ecdsa_signature> sign_digest(const hash256& digest, const private_key& key) {
  secp256k1_ecdsa_recoverable_signature signature;
  if (secp256k1_ecdsa_sign_recoverable(signing_context(), &signature, digest.data(), key.data(),
                                       secp256k1_nonce_function_rfc6979, nullptr) != 1) {
    return fail(errc::internal, "Internal error", {}, "a private key out of range");
  }
  std::array<std::uint8_t, 64> compact{};
  int parity = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(secp256k1_context_static, compact.data(), &parity,
                                                          &signature);
  ecdsa_signature out;
  std::copy_n(compact.begin(), 32, out.r.begin());
  std::copy_n(compact.begin() + 32, 32, out.s.begin());
  out.odd = (parity & 1) != 0;
  return out;
}

std::optional<address20> recover_signer(const hash256& digest, const ecdsa_signature& signature) {
  std::array<std::uint8_t, 64> compact{};
  std::copy(signature.r.begin(), signature.r.end(), compact.begin());
  std::copy(signature.s.begin(), signature.s.end(), compact.begin() + 32);
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_pubkey point;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &parsed, compact.data(),
                                                          signature.odd ? 1 : 0) != 1 ||
      secp256k1_ecdsa_recover(secp256k1_context_static, &point, &parsed, digest.data()) != 1) {
    return std::nullopt;
  }
  return address_of_point(point);
}

}  // namespace quorate::chain
