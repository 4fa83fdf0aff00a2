// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/keccak.hpp"

/// The type language of the contract ABI, and signatures written in it (docs/spec/encoding.md §6).
namespace quorate::chain {

enum class abi_kind : std::uint8_t { uint, sint, boolean, address, fixed_bytes, bytes, string, array, tuple };

/// A type, with the name that a parameter or member of it has.
struct abi_type {
  abi_kind kind = abi_kind::tuple;
  /// Bits of a number, length of fixed bytes, entries of a fixed array; 0 for an array of any length.
  std::size_t size = 0;
  /// The entry's type of an array, the members of a tuple.
  std::vector<abi_type> parts{};
  std::string name{};
  bool indexed = false;

  /// Its place in the head holds an offset.
  bool dynamic() const;
  /// Bytes that it takes in the head.
  std::size_t head_size() const;
  /// Canonical: "(address,uint256[])[2]", no names.
  std::string text() const;
};

/// "uint256", "(address sender, bytes data)[]": members may have names, a trailing name is the type's own, "indexed"
/// may stand before it; uint and int mean 256 bits. Refused: fixed-point numbers, function, arrays of no entries, empty
/// tuples, more than 16 levels, and types that take more than 16 MB in a head.
std::optional<abi_type> parse_abi_type(std::string_view text);

/// A function, an event or a list of parameters.
struct abi_signature {
  std::string name{};
  abi_type inputs{};  // a tuple

  /// "addTransaction(address,address,uint256,uint256,bytes)".
  std::string text() const;
  hash256 topic() const;
  std::array<std::uint8_t, 4> selector() const;
};

/// "NewTransaction(bytes32 indexed txId, address indexed recipient)"; the list may be empty.
std::optional<abi_signature> parse_abi_signature(std::string_view text);

}  // namespace quorate::chain
