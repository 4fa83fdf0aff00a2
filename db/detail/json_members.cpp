// SPDX-License-Identifier: MIT
#include "db/detail/json_members.hpp"

#include <algorithm>

namespace quorate::db::detail {

namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

tl::unexpected<error> malformed(const char* what) { return fail(errc::parse_error, "Malformed JSON object", {}, what); }

}  // namespace

status json_members::feed(std::string_view piece) {
  while (!piece.empty()) {
    // Keys and values are taken in runs, what is between them character by character.
    if (place_ == place::key) {
      piece = take_string(piece, key_);
      if (!in_string_) place_ = place::before_colon;
    } else if (place_ == place::value) {
      auto rest = take_value(piece);
      if (!rest) return tl::unexpected<error>{std::move(rest.error())};
      piece = *rest;
    } else {
      if (auto taken = take(piece.front()); !taken) return taken;
      // A value's first character is part of it.
      if (place_ != place::value) piece.remove_prefix(1);
    }
  }
  return {};
}

status json_members::finish() const {
  if (place_ != place::after_object) return malformed("the text ends early");
  return {};
}

status json_members::take(char c) {
  if (blank(c)) return {};
  switch (place_) {
    case place::before_object:
      if (c != '{') return malformed("it does not begin with {");
      place_ = place::before_key;
      return {};
    case place::before_key:
      if (c == '}' && first_) {
        place_ = place::after_object;
        return {};
      }
      if (c != '"') return malformed("a key is missing");
      first_ = false;
      key_ = c;
      in_string_ = true;
      place_ = place::key;
      return {};
    case place::before_colon:
      if (c != ':') return malformed("a colon is missing");
      place_ = place::before_value;
      return {};
    case place::before_value:
      value_.clear();
      depth_ = 0;
      place_ = place::value;
      return {};
    case place::after_value: return member_done(c);
    case place::after_object: return malformed("text follows the object");
    case place::key:
    case place::value: break;
  }
  return {};
}

/// Appends the string under way up to its closing quote, or to the end of the piece; what follows.
std::string_view json_members::take_string(std::string_view piece, std::string& into) {
  std::size_t at = 0;
  for (; at < piece.size() && in_string_; ++at) {
    if (escaped_) {
      escaped_ = false;
      continue;
    }
    at = std::min(piece.find_first_of("\"\\", at), piece.size());
    if (at == piece.size()) break;
    escaped_ = piece[at] == '\\';
    in_string_ = escaped_;
  }
  into.append(piece.substr(0, at));
  return piece.substr(at);
}

/// Appends the value under way up to a string's beginning, its own end, or the end of the piece; what follows.
result<std::string_view> json_members::take_value(std::string_view piece) {
  if (in_string_) return take_string(piece, value_);
  std::size_t at = 0;
  for (;; ++at) {
    at = std::min(piece.find_first_of("\"{}[],", at), piece.size());
    if (at == piece.size()) break;
    const char c = piece[at];
    if (c == '"') {
      in_string_ = true;
      value_.append(piece.substr(0, at + 1));
      return piece.substr(at + 1);
    }
    if (depth_ == 0 && (c == ',' || c == '}')) {
      value_.append(piece.substr(0, at));
      place_ = place::after_value;
      return piece.substr(at);
    }
    if (c == '{' || c == '[') ++depth_;
    if ((c == '}' || c == ']') && --depth_ < 0) return malformed("a bracket closes nothing");
  }
  value_.append(piece);
  return std::string_view{};
}

status json_members::member_done(char c) {
  if (c != ',' && c != '}') return malformed("a comma is missing");
  while (!value_.empty() && blank(value_.back())) value_.pop_back();
  if (value_.empty()) return malformed("a value is missing");
  place_ = c == ',' ? place::before_key : place::after_object;
  return on_member_(key_, value_);
}

}  // namespace quorate::db::detail
