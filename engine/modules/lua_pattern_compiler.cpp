// SPDX-License-Identifier: MIT
#include "engine/modules/lua_pattern_compiler.hpp"

namespace quorate::engine::modules {

namespace {

using lua_chars = std::bitset<256>;

bool is_between(int c, char low, char high) { return c >= low && c <= high; }

/// What a letter behind % stands for, in lower case; nothing for other characters.
std::optional<lua_chars> lua_class(char letter) {
  const auto holds = [letter](int c) {
    const bool lower = is_between(c, 'a', 'z'), upper = is_between(c, 'A', 'Z'), digit = is_between(c, '0', '9');
    const bool printable = is_between(c, '!', '~');
    switch (letter) {
      case 'a': return lower || upper;
      case 'c': return c < ' ' || c == 0x7f;
      case 'd': return digit;
      case 'g': return printable;
      case 'l': return lower;
      case 'p': return printable && !lower && !upper && !digit;
      case 's': return c == ' ' || is_between(c, '\t', '\r');
      case 'u': return upper;
      case 'w': return lower || upper || digit;
      case 'x': return digit || is_between(c, 'a', 'f') || is_between(c, 'A', 'F');
      default: return false;
    }
  };
  if (std::string_view{"acdglpsuwx"}.find(letter) == std::string_view::npos) return std::nullopt;
  lua_chars out;
  for (int c = 0; c < 256; ++c) out[static_cast<std::size_t>(c)] = holds(c);
  return out;
}

lua_chars lua_only(char c) {
  lua_chars out;
  out.set(static_cast<unsigned char>(c));
  return out;
}

/// What stands behind %: a class, the opposite of one, or the character itself.
lua_chars lua_escaped(char c) {
  const bool upper = is_between(c, 'A', 'Z');
  const auto found = lua_class(upper ? static_cast<char>(c - 'A' + 'a') : c);
  if (!found) return lua_only(c);
  return upper ? ~*found : *found;
}

/// Offset of the ] that closes a set whose content begins at `at`. The first character is never the closing one.
std::size_t lua_set_end(std::string_view text, std::size_t at) {
  for (bool first = true; at < text.size(); first = false) {
    if (text[at] == ']' && !first) return at;
    at += text[at] == '%' ? 2 : 1;
  }
  return std::string_view::npos;
}

}  // namespace

void lua_pattern::compiler::run() {
  out_.anchored_ = rest_.starts_with('^');
  if (out_.anchored_) rest_.remove_prefix(1);
  while (!rest_.empty()) one();
  if (!open_.empty()) mistake("unfinished capture");
}

void lua_pattern::compiler::one() {
  const char c = rest_.front();
  rest_.remove_prefix(1);
  switch (c) {
    case '(': return open();
    case ')': return close();
    case '%': return escape();
    case '[': {
      const auto chars = set();
      return chars ? single(*chars) : mistake("a [ is not closed");
    }
    case '.': return single(~char_set{});
    case '$':
      if (rest_.empty()) return add({.what = kind::end});
      [[fallthrough]];
    default: return single(lua_only(c));
  }
}

void lua_pattern::compiler::escape() {
  if (rest_.empty()) return mistake("it ends with %");
  const char c = rest_.front();
  rest_.remove_prefix(1);
  if (c == 'b') {
    if (rest_.size() < 2) return mistake("%b needs two characters");
    add({.what = kind::balance,
         .first = static_cast<std::uint8_t>(rest_[0]),
         .second = static_cast<std::uint8_t>(rest_[1])});
    rest_.remove_prefix(2);
  } else if (c == 'f') {
    if (!rest_.starts_with('[')) return mistake("%f needs a set");
    rest_.remove_prefix(1);
    const auto chars = set();
    if (!chars) return mistake("a [ is not closed");
    add({.what = kind::frontier, .set = number_of(*chars)});
  } else if (is_between(c, '0', '9')) {
    const auto number = static_cast<std::size_t>(c - '1');
    if (c == '0' || !closed_.at(number)) return mistake("there is no such capture");
    add({.what = kind::back, .first = static_cast<std::uint8_t>(number)});
  } else {
    single(lua_escaped(c));
  }
}

void lua_pattern::compiler::open() {
  if (out_.captures_ == most_captures) return mistake("too many captures");
  const auto number = static_cast<std::uint8_t>(out_.captures_++);
  // A position: it has no text to refer back to, and nothing asks where it is.
  if (rest_.starts_with(')')) return rest_.remove_prefix(1);
  open_.push_back(number);
  add({.what = kind::open, .first = number});
}

void lua_pattern::compiler::close() {
  if (open_.empty()) return mistake("a ) without its (");
  closed_.at(open_.back()) = true;
  add({.what = kind::close, .first = open_.back()});
  open_.pop_back();
}

void lua_pattern::compiler::single(const char_set& chars) {
  item out{.set = number_of(chars)};
  const char next = rest_.empty() ? '\0' : rest_.front();
  switch (next) {
    case '?': out.times = repeat::optional; break;
    case '*': out.times = repeat::greedy; break;
    case '-': out.times = repeat::lazy; break;
    case '+':
      add(out);  // once, and then any number
      out.times = repeat::greedy;
      break;
    default: return add(out);
  }
  rest_.remove_prefix(1);
  add(out);
}

std::optional<lua_pattern::char_set> lua_pattern::compiler::set() {
  const bool opposite = rest_.starts_with('^');
  std::size_t at = opposite ? 1 : 0;
  const std::size_t end = lua_set_end(rest_, at);
  if (end == std::string_view::npos) return std::nullopt;
  char_set out;
  for (; at < end; ++at) {
    if (rest_[at] == '%') {
      out |= lua_escaped(rest_[++at]);
    } else if (at + 2 < end && rest_[at + 1] == '-') {
      for (int c = static_cast<unsigned char>(rest_[at]); c <= static_cast<unsigned char>(rest_[at + 2]); ++c)
        out.set(static_cast<std::size_t>(c));
      at += 2;
    } else {
      out.set(static_cast<unsigned char>(rest_[at]));
    }
  }
  rest_.remove_prefix(end + 1);
  return opposite ? ~out : out;
}

void lua_pattern::compiler::mistake(const char* text) {
  add({.what = kind::mistake, .mistake = text});
  rest_ = {};
  open_.clear();
}

std::uint32_t lua_pattern::compiler::number_of(const char_set& chars) {
  const auto [found, is_new] = numbers_.emplace(chars.to_string(), static_cast<std::uint32_t>(out_.sets_.size()));
  if (is_new) out_.sets_.push_back(chars);
  return found->second;
}

lua_pattern::lua_pattern(std::string_view pattern) { compiler{pattern, *this}.run(); }

}  // namespace quorate::engine::modules
