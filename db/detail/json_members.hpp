// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "chain/result.hpp"

namespace quorate::db::detail {

/// Splits the text of one JSON object into its members, piece by piece and without building a tree: a snapshot may be
/// much larger than any of its rows. Keys and values are handed on as they are written, so no number is ever converted.
class json_members {
 public:
  /// `key` with its quotes, `value` its text.
  using handler = std::function<status(std::string_view key, std::string_view value)>;

  explicit json_members(handler on_member) : on_member_{std::move(on_member)} {}

  /// The next piece of the text; may end anywhere. errc::parse_error when this is no JSON object; the handler's own
  /// errors.
  status feed(std::string_view piece);
  /// No piece is left. errc::parse_error when the object is not complete.
  status finish() const;

 private:
  enum class place { before_object, before_key, key, before_colon, before_value, value, after_value, after_object };

  status take(char c);
  status member_done(char c);
  std::string_view take_string(std::string_view piece, std::string& into);
  result<std::string_view> take_value(std::string_view piece);

  handler on_member_;
  place place_ = place::before_object;
  std::string key_, value_;
  int depth_ = 0;  // of the value under way
  bool in_string_ = false, escaped_ = false, first_ = true;
};

}  // namespace quorate::db::detail
