// SPDX-License-Identifier: MIT
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quorate::chain {

/// Any whole number. Wei amounts in the database reach 10^78-1 (numeric(78,0)), beyond 256 bits.
using integer = boost::multiprecision::cpp_int;
/// Unsigned 256-bit arithmetic that throws std::overflow_error / std::range_error instead of wrapping.
using u256 = boost::multiprecision::checked_uint256_t;

/// Texts of more digits are refused: converting between bases is quadratic, and no number of this system is near it.
inline constexpr std::size_t max_integer_digits = 4096;

/// Minimal `0x` form of a non-negative integer: "0x0", "0x1b"; a negative one is "-0x1b".
std::string to_hex_quantity(const integer& value);
std::string to_hex_quantity(std::uint64_t value);
/// Decimal digits with an optional minus sign.
std::string to_decimal(const integer& value);

/// Decimal digits with an optional minus sign; nothing else.
std::optional<integer> parse_decimal(std::string_view text);
/// "0x" followed by at least one hex digit (any case).
std::optional<integer> parse_hex_quantity(std::string_view text);

}  // namespace quorate::chain
