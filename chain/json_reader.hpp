// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "chain/json.hpp"

namespace quorate::chain {

/// What the next value is, seen from its first character.
enum class json_kind { object, array, string, number, literal, none };

/// A cursor over JSON text. Its user walks what it knows (an envelope), takes trees of what it needs and passes over
/// the rest, so that nothing is built that nobody reads. Every text it passes is checked to the letter (RFC 8259); the
/// first violation or crossed limit ends it: all functions then answer "nothing", and failure() says why.
class json_reader {
 public:
  json_reader(std::string_view text, const json_limits& limits);

  json_kind peek();
  /// Reads the next value as a tree. Counts against both limits.
  bool value(json& out);
  /// Reads a string.
  bool string(std::string& out);
  /// Passes over one value and returns its text. Counts against the depth only: it takes no memory.
  std::optional<std::string_view> skip();

  /// Where a walk through one object or array stands.
  struct level {
    bool first = true;
  };
  /// `{` or `[`; call only where peek() says so.
  level enter();
  /// The next member's key; false behind the last one, and on failure.
  bool next_member(level& at, std::string& key);
  /// True when another entry follows; false behind the last one, and on failure.
  bool next_entry(level& at);

  /// True when nothing but white space is left. Anything else is a failure.
  bool finish();
  bool failed() const { return reason_ != nullptr; }
  /// The reason and the byte position, for the log.
  std::string failure() const;

 private:
  bool fail_with(const char* reason);
  void skip_space();
  bool consume(char expected);
  bool next(level& at, char close);
  bool key_and_colon(std::string* key);
  bool tree(json& out);
  bool pass();
  // Tokens (json_tokens.cpp). A null `out` checks without building.
  bool quoted(std::string* out);
  bool escape(std::string* out);
  bool code_unit(unsigned& out);
  bool number(json* out);
  bool word(std::string_view expected);
  std::size_t digits();

  std::string_view text_;
  json_limits limits_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
  const char* reason_ = nullptr;
};

}  // namespace quorate::chain
