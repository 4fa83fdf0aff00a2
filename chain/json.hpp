// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "chain/result.hpp"
#include "chain/u256.hpp"

/// JSON with two properties that the wire and the database need and nlohmann alone does not give: hostile input is
/// bounded before a tree is built, and no number is ever squeezed through a double or an int64
/// (docs/spec/database.md §2.1 "big numbers").
namespace quorate::chain {

/// Integers that fit int64/uint64 are ordinary numbers. Every other number (a fraction, an exponent, a bigger integer)
/// is kept as the very token that was read, in a binary value of subtype `number_token`; `dump_json` writes it back
/// unchanged.
using json = nlohmann::json;
inline constexpr std::uint8_t number_token = 0x6e;

struct json_limits {
  std::size_t depth = 64;          // nesting; also bounds the recursion of the reader
  std::size_t elements = 100'000;  // values of every kind, counted while a tree is built
};

/// Parses one complete text. errc::parse_error with "Parse error" (and the limit or position in `detail`) otherwise.
/// Duplicate keys: the last wins. A UTF-8 byte order mark is skipped. Refused: NaN and Infinity, invalid UTF-8, lone
/// surrogates, control characters inside strings, and every encoding but UTF-8.
result<json> parse_json(std::string_view text, const json_limits& limits = {});

/// Compact text, non-ASCII left as UTF-8, invalid UTF-8 replaced by U+FFFD, doubles in the shortest form that reads
/// back the same, NaN and infinities as null, binary values that are no number token as null: never throws on content.
std::string dump_json(const json& value);
void dump_json_to(std::string& out, const json& value);
/// Appends `text` as a JSON string with its quotes.
void append_quoted(std::string& out, std::string_view text);

/// A JSON value for an integer of any size.
json make_number(const integer& value);
/// True for numbers of every representation.
bool is_number(const json& value);
/// The text of a kept number token; empty for every other value.
std::string_view token_of(const json& value);
/// The exact integer: JSON integers, tokens such as 1e+21 or 5.0 whose value is whole. Empty for anything else, and for
/// values of more than `max_integer_digits` digits (a denial-of-service guard).
std::optional<integer> as_integer(const json& value);

/// Integers above 2^53-1 in absolute value become decimal strings, recursively ("json-safe", docs/spec/json-rpc.md §5).
/// Numbers written with a fraction or an exponent are no integers and stay.
void make_json_safe(json& value);

}  // namespace quorate::chain
