// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quorate::engine::modules {

/// A walk over HTML, piece by piece.
class html_tokens {
 public:
  enum class kind : std::uint8_t { text, open, close, end };
  struct token {
    kind what = kind::end;
    std::string_view text = {};        // of text: as it stands, references unresolved
    std::string name = {};             // of tags, in lower case
    bool closes_itself = false;        // <br/>
    std::size_t begin = 0, after = 0;  // offsets in the document
  };

  explicit html_tokens(std::string_view html) : html_{html} {}

  /// Comments, declarations and instructions are passed over.
  token next();
  /// Behind the opening tag of an element whose content is no markup (script, style): goes to its closing tag.
  void skip_raw(std::string_view name);

 private:
  bool skip_markup();
  token tag();
  bool begins_tag(std::size_t at) const;

  std::string_view html_;
  std::size_t at_ = 0;
};

/// The text with its character references (&amp;, &eacute;, &#8364;) resolved; unknown ones stay as they are.
std::string resolve_references(std::string_view text);

}  // namespace quorate::engine::modules
