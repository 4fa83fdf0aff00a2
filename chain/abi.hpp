// SPDX-License-Identifier: MIT
#pragma once

#include <variant>
#include <vector>

#include "chain/abi_type.hpp"
#include "chain/hex.hpp"
#include "chain/result.hpp"
#include "chain/u256.hpp"

/// Values in the contract ABI's encoding, both ways (docs/spec/encoding.md §1.4, §6.3).
namespace quorate::chain {

struct abi_value;
using abi_values = std::vector<abi_value>;

/// What a value is, only its type says: numbers and bools (0 or 1) are held as integers, addresses and every kind of
/// bytes and text as bytes, the entries of arrays and the members of tuples as a list.
struct abi_value {
  std::variant<integer, bytes, abi_values> held;

  abi_value() = default;
  explicit abi_value(integer number) : held{std::move(number)} {}
  explicit abi_value(bytes_view data) : held{bytes{data.begin(), data.end()}} {}
  explicit abi_value(std::string_view text) : abi_value{as_bytes(text)} {}
  explicit abi_value(abi_values items) : held{std::move(items)} {}

  /// Each throws std::bad_variant_access when the value is of another kind.
  const integer& number() const { return std::get<integer>(held); }
  const bytes& data() const { return std::get<bytes>(held); }
  const abi_values& items() const { return std::get<abi_values>(held); }

  friend bool operator==(const abi_value& a, const abi_value& b) { return a.held == b.held; }
};

/// The values of `types`' members, one after the other (`types` is a tuple: a signature's inputs). errc::invalid_params
/// "Invalid ABI value: …" when a value does not fit its type.
result<bytes> encode_abi(const abi_type& types, const abi_values& values);
/// The selector and the arguments: the data of a call.
result<bytes> encode_abi_call(const abi_signature& function, const abi_values& arguments);

/// Strict: all padding is there and zero (or the sign), a bool is 0 or 1, an offset leads behind its head and into the
/// data, text is UTF-8. Bytes behind the values are ignored, as upstream does. Values that share bytes are taken until
/// they are 16 times as long as the data. errc::invalid_params "Invalid ABI data: …".
result<abi_values> decode_abi(const abi_type& types, bytes_view data);

}  // namespace quorate::chain
