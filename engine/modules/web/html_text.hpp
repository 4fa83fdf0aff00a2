// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Pages as text without a browser. Any input is a page; time and size are linear in it.
namespace quorate::engine::modules {

/// A document's bytes as UTF-8: by the charset of the Content-Type or of a <meta> near the front (UTF-8 and Latin-1 are
/// known), with U+FFFD for what does not fit.
std::string decode_page(std::string_view bytes, std::string_view content_type);

/// What a reader sees: tags and what is never shown are gone, character references are resolved, blocks stand on lines
/// of their own. tidy_text() at the end.
std::string html_to_text(std::string_view html);

/// What stands inside of <body>, or everything where there is none.
std::string_view html_body(std::string_view html);

/// Each line without white space around it, white space inside of it as one space, and never more than one empty line.
std::string tidy_text(std::string_view text);

}  // namespace quorate::engine::modules
