// SPDX-License-Identifier: MIT
#include "chain/utf8.hpp"

#include <gtest/gtest.h>

namespace quorate::chain {
namespace {

TEST(utf8, every_code_point_is_written_and_recognised) {
  for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    std::string text;
    append_utf8(text, code);
    ASSERT_EQ(utf8_sequence(text), text.size()) << code;
    ASSERT_EQ(text.size(), code < 0x80 ? 1u : code < 0x800 ? 2u : code < 0x10000 ? 3u : 4u);
    ASSERT_EQ(utf8_sequence(text + "x"), text.size());
    if (text.size() > 1) {
      ASSERT_EQ(utf8_sequence(text.substr(0, text.size() - 1)), 0u) << code;
    }
  }
}

TEST(utf8, surrogates_over_long_forms_and_stray_bytes_are_refused) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3(", "\xe4\xb8(", ""}) {
    EXPECT_EQ(utf8_sequence(text), 0u);
  }
}

TEST(utf8, an_excerpt_has_whole_characters_only) {
  EXPECT_EQ(excerpt("short"), "short");
  EXPECT_EQ(excerpt("abcdef", 6), "abcdef");
  EXPECT_EQ(excerpt("abcdefg", 6), "abcdef...");
  EXPECT_EQ(excerpt("abc\xc3\xa9\xc3\xa9", 6), "abc\xc3\xa9...");
  EXPECT_EQ(excerpt("\x80\x80\x80", 2), "\x80\x80...") << "what is no UTF-8 counts byte by byte";
}

}  // namespace
}  // namespace quorate::chain
