// SPDX-License-Identifier: MIT
#include <charconv>

#include "chain/hex.hpp"
#include "chain/json_reader.hpp"
#include "chain/utf8.hpp"

/// The reader's tokens: strings, numbers and the three words.
namespace quorate::chain {

namespace {

/// Characters a string can take over as they are: no quote, backslash, control character or part of a longer sequence.
constexpr bool is_plain(char c) { return c >= 0x20 && c != '"' && c != '\\'; }

/// An integer becomes an ordinary number when it fits 64 bits; every other token is kept as it is.
json number_value(std::string_view token, bool whole) {
  if (whole) {
    std::int64_t small = 0;
    std::uint64_t large = 0;
    const char* const end = token.data() + token.size();
    if (std::from_chars(token.data(), end, small).ec == std::errc{}) return small;
    if (token.front() != '-' && std::from_chars(token.data(), end, large).ec == std::errc{}) return large;
  }
  return json::binary({token.begin(), token.end()}, number_token);
}

}  // namespace

bool json_reader::quoted(std::string* out) {
  ++at_;
  while (true) {
    std::size_t end = at_;
    while (end < text_.size() && is_plain(text_[end])) ++end;
    if (end < text_.size() && static_cast<unsigned char>(text_[end]) >= 0x80) {
      const std::size_t length = utf8_sequence(text_.substr(end));
      if (length == 0) {
        at_ = end;
        return fail_with("invalid UTF-8");
      }
      end += length;
    }
    if (end != at_) {
      if (out != nullptr) out->append(text_, at_, end - at_);
      at_ = end;
      continue;
    }
    if (at_ >= text_.size()) return fail_with("a string without its end");
    if (consume('"')) return true;
    if (!consume('\\')) return fail_with("a control character in a string");
    if (!escape(out)) return false;
  }
}

bool json_reader::code_unit(unsigned& out) {
  if (text_.size() - at_ < 4) return fail_with("an unfinished escape");
  out = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const int digit = hex_digit(text_[at_]);
    if (digit < 0) return fail_with("an escape that is no hex number");
    out = out * 16 + static_cast<unsigned>(digit);
  }
  return true;
}

bool json_reader::escape(std::string* out) {
  static constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  if (at_ >= text_.size()) return fail_with("an unfinished escape");
  const char name = text_[at_++];
  if (const auto found = names.find(name); found != std::string_view::npos) {
    if (out != nullptr) *out += values[found];
    return true;
  }
  unsigned code = 0;
  if (name != 'u') return fail_with("an unknown escape");
  if (!code_unit(code)) return false;
  if (code >= 0xD800 && code < 0xE000) {
    unsigned low = 0;
    if (code >= 0xDC00 || !consume('\\') || !consume('u')) return fail_with("a lone surrogate");
    if (!code_unit(low)) return false;
    if (low < 0xDC00 || low >= 0xE000) return fail_with("a lone surrogate");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  if (out != nullptr) append_utf8(*out, code);
  return true;
}

std::size_t json_reader::digits() {
  const std::size_t start = at_;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  return at_ - start;
}

bool json_reader::number(json* out) {
  const std::size_t start = at_;
  bool whole = true;
  consume('-');
  if (!consume('0') && digits() == 0) return fail_with("a digit was expected");
  if (consume('.')) {
    whole = false;
    if (digits() == 0) return fail_with("a digit was expected");
  }
  if (consume('e') || consume('E')) {
    whole = false;
    if (!consume('+')) consume('-');
    if (digits() == 0) return fail_with("a digit was expected");
  }
  if (out != nullptr) *out = number_value(text_.substr(start, at_ - start), whole);
  return true;
}

bool json_reader::word(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) return fail_with("an unknown word");
  at_ += expected.size();
  return true;
}

}  // namespace quorate::chain
