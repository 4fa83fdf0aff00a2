// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chain/hex.hpp"

/// Account and contract addresses (docs/spec/encoding.md §4.1).
namespace quorate::chain {

/// Length of the canonical text, `0x` included.
inline constexpr std::size_t address_text_size = 42;

/// Exactly 40 hex digits of any case behind an optional `0x` or `0X`. The letter case is not compared with the EIP-55
/// checksum: upstream takes every spelling, and clients rely on it.
bool is_address(std::string_view text);
/// The one spelling used for every lookup and key (decisions.md Q18): `0x` and EIP-55 case. Empty if not an address.
std::optional<std::string> normalize_address(std::string_view text);
/// `text` is that very spelling already.
bool is_checksum_address(std::string_view text);
/// EIP-55 text of 20 bytes; empty for any other length.
std::optional<std::string> address_text(bytes_view address);

}  // namespace quorate::chain
