// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "chain/big_endian.hpp"
#include "chain/keccak.hpp"
#include "chain/result.hpp"

/// ECDSA over secp256k1 with a recoverable signer (docs/spec/encoding.md §5).
namespace quorate::chain {

/// The bytes of an address; chain/address.hpp has its text.
using address20 = std::array<std::uint8_t, 20>;
/// A private key is never shown, logged or sent (decisions.md Q13, Q15).
using private_key = std::array<std::uint8_t, 32>;

struct ecdsa_signature {
  word256 r{};
  word256 s{};
  bool odd = false;  // the parity of the point whose x coordinate is r
  bool operator==(const ecdsa_signature&) const = default;
};

/// What the `v` of a signature says; empty for a value that says nothing (docs/spec/encoding.md §1.3).
struct recovery_id {
  bool odd = false;
  std::optional<integer> chain_id{};  // EIP-155: v is 35 or more
};
std::optional<recovery_id> read_v(const integer& v);

/// 64 hex digits behind an optional `0x`. Empty for anything else, for zero, and for the group's order and above.
std::optional<private_key> parse_private_key(std::string_view text);
/// A new key. `random_bytes` fills what it is given with bytes that nobody can guess.
private_key make_private_key(const std::function<void(std::span<std::uint8_t>)>& random_bytes);
/// The key must be one that parse_private_key or make_private_key returned (so must it for sign_digest); errc::internal
/// otherwise.
result<address20> address_of(const private_key& key);
/// RFC 6979 with SHA-256, low s.
result<ecdsa_signature> sign_digest(const hash256& digest, const private_key& key);

/// Both the low and the high form of s are taken, as upstream does. Empty when r or s is out of range or r is no
/// point's.
std::optional<address20> recover_signer(const hash256& digest, const ecdsa_signature& signature);

}  // namespace quorate::chain
