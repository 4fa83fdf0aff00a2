// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quorate::chain {

/// Length (1 to 4) of the valid UTF-8 sequence at the start of `text`; 0 when there is none. Over-long forms,
/// surrogates and code points above U+10FFFF are not valid.
std::size_t utf8_sequence(std::string_view text);

/// Nothing but such sequences.
bool is_utf8(std::string_view text);

/// Appends one code point (not a surrogate, at most U+10FFFF).
void append_utf8(std::string& out, std::uint32_t code_point);

/// At most `longest` bytes of `text`, whole characters only, with "..." where something is missing: how a caller's own
/// text is shown back in a message.
std::string excerpt(std::string_view text, std::size_t longest = 100);

/// U+FFFD, what stands for bytes that are not UTF-8.
inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

}  // namespace quorate::chain
