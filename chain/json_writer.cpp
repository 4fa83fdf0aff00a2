// SPDX-License-Identifier: MIT
#include <array>
#include <charconv>
#include <cmath>

#include "chain/json.hpp"
#include "chain/utf8.hpp"

namespace quorate::chain {

namespace {

/// For each byte: 0 taken over as it is, 'u' written as \u00XX, another letter the short escape, 1 start of a longer
/// sequence.
constexpr std::array<char, 256> escapes = [] {
  std::array<char, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = 'u';
  for (std::size_t c = 0x80; c < 256; ++c) out[c] = 1;
  out['"'] = '"';
  out['\\'] = '\\';
  out['\b'] = 'b';
  out['\f'] = 'f';
  out['\n'] = 'n';
  out['\r'] = 'r';
  out['\t'] = 't';
  return out;
}();

template <class Number>
void append_integer(std::string& out, Number value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// Shortest text that reads back the same, recognisable as a fraction ("1.0", not "1"), as Python writes it.
void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view digits{text, static_cast<std::size_t>(end - text)};
  out += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0, at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const char escape = escapes[byte];
    if (escape == 0) {
      ++at;
      continue;
    }
    if (escape == 1) {
      if (const std::size_t length = utf8_sequence(text.substr(at)); length != 0) {
        at += length;
        continue;
      }
    }
    out.append(text, plain, at - plain);
    if (escape == 1) {
      out += replacement_character;
    } else {
      out += '\\';
      out += escape;
      if (escape == 'u') {
        out += "00";
        out += digits[byte >> 4];
        out += digits[byte & 15];
      }
    }
    plain = ++at;
  }
  out.append(text, plain);
  out += '"';
}

void dump_json_to(std::string& out, const json& value) {
  switch (value.type()) {
    case json::value_t::object: {
      char before = '{';
      for (const auto& [key, member] : value.get_ref<const json::object_t&>()) {
        out += before;
        append_quoted(out, key);
        out += ':';
        dump_json_to(out, member);
        before = ',';
      }
      if (before == '{') out += '{';
      out += '}';
      break;
    }
    case json::value_t::array: {
      char before = '[';
      for (const auto& entry : value.get_ref<const json::array_t&>()) {
        out += before;
        dump_json_to(out, entry);
        before = ',';
      }
      if (before == '[') out += '[';
      out += ']';
      break;
    }
    case json::value_t::string: append_quoted(out, value.get_ref<const std::string&>()); break;
    case json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; break;
    case json::value_t::number_integer: append_integer(out, value.get<std::int64_t>()); break;
    case json::value_t::number_unsigned: append_integer(out, value.get<std::uint64_t>()); break;
    case json::value_t::number_float: append_double(out, value.get<double>()); break;
    case json::value_t::binary: {
      const std::string_view token = token_of(value);
      out += token.empty() ? std::string_view{"null"} : token;
      break;
    }
    case json::value_t::null:
    case json::value_t::discarded: out += "null"; break;
  }
}

}  // namespace quorate::chain
