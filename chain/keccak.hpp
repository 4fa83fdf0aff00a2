// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "chain/hex.hpp"

namespace quorate::chain {

using hash256 = std::array<std::uint8_t, 32>;

/// Keccak-256 with the original padding (first pad byte 0x01), as Ethereum uses it (docs/spec/encoding.md §5).
hash256 keccak256(bytes_view data);
inline hash256 keccak256(std::string_view text) { return keccak256(as_bytes(text)); }

/// NIST SHA3-256 (first pad byte 0x06): the storage slot that holds a contract's code (docs/spec/encoding.md §3.6).
hash256 sha3_256(bytes_view data);
/// SHA-256: contract_state_hash (docs/spec/encoding.md §5).
hash256 sha256(bytes_view data);

}  // namespace quorate::chain
