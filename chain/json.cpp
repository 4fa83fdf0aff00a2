// SPDX-License-Identifier: MIT
#include "chain/json.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "chain/json_reader.hpp"

namespace quorate::chain {

namespace {

constexpr std::int64_t largest_safe = (std::int64_t{1} << 53) - 1;

/// A number token taken apart: value = digits × 10^exponent.
struct decimal {
  bool negative = false;
  std::string digits;  // without leading zeros; empty: zero
  long exponent = 0;
};

std::optional<decimal> take_apart(std::string_view token) {
  decimal out;
  if (token.starts_with('-')) {
    out.negative = true;
    token.remove_prefix(1);
  }
  const std::size_t mark = token.find_first_of("eE");
  const std::string_view mantissa = token.substr(0, mark);
  if (mark != std::string_view::npos) {
    std::string_view exponent = token.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
    if (read.ec != std::errc{} || std::labs(out.exponent) > 1'000'000'000) return std::nullopt;
  }
  const std::size_t point = mantissa.find('.');
  out.digits = mantissa.substr(0, point);
  if (point != std::string_view::npos) {
    out.digits += mantissa.substr(point + 1);
    out.exponent -= static_cast<long>(mantissa.size() - point - 1);
  }
  out.digits.erase(0, out.digits.find_first_not_of('0'));
  while (out.digits.ends_with('0')) {
    out.digits.pop_back();
    ++out.exponent;
  }
  return out;
}

std::optional<integer> whole_value(std::string_view token) {
  auto number = take_apart(token);
  if (!number) return std::nullopt;
  if (number->digits.empty()) return integer{0};
  if (number->exponent < 0 || number->digits.size() + static_cast<std::size_t>(number->exponent) > max_integer_digits) {
    return std::nullopt;
  }
  number->digits.append(static_cast<std::size_t>(number->exponent), '0');
  return parse_decimal((number->negative ? "-" : "") + number->digits);
}

}  // namespace

result<json> parse_json(std::string_view text, const json_limits& limits) {
  json_reader reader{text, limits};
  json out;
  if (reader.value(out) && reader.finish()) return out;
  return fail(errc::parse_error, "Parse error", {}, reader.failure());
}

std::string dump_json(const json& value) {
  std::string out;
  dump_json_to(out, value);
  return out;
}

json make_number(const integer& value) {
  if (value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max()) {
    return static_cast<std::int64_t>(value);
  }
  if (value.sign() > 0 && value <= std::numeric_limits<std::uint64_t>::max()) return static_cast<std::uint64_t>(value);
  const std::string digits = to_decimal(value);
  return json::binary({digits.begin(), digits.end()}, number_token);
}

bool is_number(const json& value) { return value.is_number() || !token_of(value).empty(); }

std::string_view token_of(const json& value) {
  if (!value.is_binary()) return {};
  const auto& binary = value.get_binary();
  if (!binary.has_subtype() || binary.subtype() != number_token) return {};
  return {reinterpret_cast<const char*>(binary.data()), binary.size()};
}

std::optional<integer> as_integer(const json& value) {
  if (value.is_number_unsigned()) return integer{value.get<std::uint64_t>()};
  if (value.is_number_integer()) return integer{value.get<std::int64_t>()};
  const std::string_view token = token_of(value);
  return token.empty() ? std::nullopt : whole_value(token);
}

void make_json_safe(json& value) {
  if (value.is_structured()) {
    for (auto& child : value) make_json_safe(child);
  } else if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(largest_safe)) value = std::to_string(number);
  } else if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number > largest_safe || number < -largest_safe) value = std::to_string(number);
  } else if (const std::string_view token = token_of(value);
             !token.empty() && token.find_first_of(".eE") == std::string_view::npos) {
    value = std::string{token};
  }
}

}  // namespace quorate::chain
