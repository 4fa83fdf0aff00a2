// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chain/json.hpp"
#include "chain/signature.hpp"

/// GenVM calldata: the values that contracts are called with and answer (docs/spec/encoding.md §3). Every value has
/// exactly one encoding.
namespace quorate::chain {

struct calldata_value;
using calldata_array = std::vector<calldata_value>;
/// Ordered by the keys' UTF-8 bytes, which is the order of the encoding.
using calldata_map = std::map<std::string, calldata_value>;

struct calldata_value {
  std::variant<std::monostate, bool, integer, address20, bytes, std::string, calldata_array, calldata_map> held;

  calldata_value() = default;  // null
  explicit calldata_value(bool value) : held{value} {}
  explicit calldata_value(integer value) : held{std::move(value)} {}
  explicit calldata_value(address20 value) : held{value} {}
  explicit calldata_value(bytes value) : held{std::move(value)} {}
  explicit calldata_value(std::string value) : held{std::move(value)} {}
  explicit calldata_value(const char* value) : held{std::string{value}} {}
  explicit calldata_value(calldata_array value) : held{std::move(value)} {}
  explicit calldata_value(calldata_map value) : held{std::move(value)} {}

  friend bool operator==(const calldata_value& a, const calldata_value& b) { return a.held == b.held; }
};

/// Arrays and maps inside each other (decisions.md "Bytes").
inline constexpr std::size_t calldata_nesting = 512;

/// errc::invalid_params "Invalid calldata: …" for text or a key that is not UTF-8, and for deeper nesting.
result<bytes> encode_calldata(const calldata_value& value);
/// Strict: what it takes, encode_calldata gives back to the byte. errc::invalid_params "Invalid calldata: …".
result<calldata_value> decode_calldata(bytes_view data);

/// The object that calls a method, or with no name a constructor; empty arguments are left out.
calldata_value make_call(std::string_view method, calldata_array args, calldata_map kwargs = {});

/// For logs and people: null, true, 12, "text", b#00ff, addr#…, [1,2], {"k":1}; non-ASCII as \u escapes. Numbers of
/// more than max_integer_digits digits are written in hex: decimal digits of such take seconds.
std::string calldata_text(const calldata_value& value);
/// As readContract of genlayer-js shows it: numbers keep every digit (beyond ±(2^53-1) make_json_safe turns them into
/// text; the huge ones of calldata_text are hex text at once), bytes and addresses become 0x and lower-case digits.
json calldata_to_json(const calldata_value& value);
/// The other way. Bytes and addresses stay text. errc::invalid_params "Invalid calldata: …" for a fraction or an
/// exponent, a number of more than max_integer_digits digits, and for nesting beyond the limit.
result<calldata_value> calldata_from_json(const json& value);

}  // namespace quorate::chain
