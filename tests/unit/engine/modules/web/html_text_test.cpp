// SPDX-License-Identifier: MIT
#include "engine/modules/web/html_text.hpp"

#include <gtest/gtest.h>

#include "engine/modules/web/html_tokens.hpp"

namespace quorate::engine::modules {
namespace {

TEST(html_text, tags_go_and_blocks_stand_on_their_own_lines) {
  EXPECT_EQ(html_to_text("<html><body><h1>Title</h1><div>a <b>b</b>\n c</div>d</body></html>"), "Title\n\na b c\nd");
  EXPECT_EQ(html_to_text("<p>one</p><p>two<br>three</p>"), "one\n\ntwo\nthree");
  EXPECT_EQ(html_to_text("<ul><li>a</li><li>b</li></ul>"), "a\n\nb");
  EXPECT_EQ(html_to_text("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"), "1 2\n\n3");
  EXPECT_EQ(html_to_text("<pre>a\n  b</pre>c\nd"), "a\nb\nc d");
}

TEST(html_text, what_is_not_shown_is_left_out) {
  EXPECT_EQ(html_to_text("<head><title>T</title><style>p{}</style></head>a<script>if (a</script>b<!-- <p> c -->d"),
            "abd");
  EXPECT_EQ(html_to_text("a<template><div><template>x</template>y</div></template>b<svg><text>z</text></svg>c"), "abc");
  EXPECT_EQ(html_to_text("a<svg/>b<SCRIPT>x</SCRIPT >c<script>never closed"), "abc");
  EXPECT_EQ(html_to_text("<!DOCTYPE html><?xml?>a"), "a");
}

TEST(html_text, what_only_looks_like_a_tag_is_text) {
  EXPECT_EQ(html_to_text("1 < 2 && 3 > 2 <3"), "1 < 2 && 3 > 2 <3");
  EXPECT_EQ(html_to_text("<a title=\"a > b\" data-x='>'>link</a>"), "link");
  EXPECT_EQ(html_to_text("<p"), "");
  EXPECT_EQ(html_to_text("a<"), "a<");
  EXPECT_EQ(html_to_text("a<!--"), "a");
}

TEST(html_text, character_references) {
  EXPECT_EQ(resolve_references("&lt;b&gt; &amp;amp; &eacute;&#233;&#xE9; &euro;&mdash;"),
            "<b> &amp; \u00e9\u00e9\u00e9 \u20ac\u2014");
  EXPECT_EQ(resolve_references("&unknown; &; & &#; &#x; &#xZ; &toolongtobeone;"),
            "&unknown; &; & &#; &#x; &#xZ; &toolongtobeone;");
  EXPECT_EQ(resolve_references("&#0;&#xD800;&#99999999;"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(html_to_text("a&nbsp;&nbsp; b"), "a b");
}

TEST(html_text, lines_are_tidy) {
  EXPECT_EQ(tidy_text("  a \t b  \n\n \n\n c\r\n d \n"), "a b\n\nc\nd");
  EXPECT_EQ(tidy_text(" \n \n"), "");
  EXPECT_EQ(tidy_text(""), "");
}

TEST(html_text, the_body) {
  EXPECT_EQ(html_body("<html><head></head><body class='a'><p>x</p></body></html>"), "<p>x</p>");
  EXPECT_EQ(html_body("<body>x"), "x");
  EXPECT_EQ(html_body("x"), "x");
  EXPECT_EQ(html_body("<script>'<body>'</script><body>x</body>"), "x");
}

TEST(html_text, charsets) {
  EXPECT_EQ(decode_page("\xE9", "text/html; charset=ISO-8859-1"), "\u00e9");
  EXPECT_EQ(decode_page("<meta charset=\"windows-1252\">\xE9", "text/html"), "<meta charset=\"windows-1252\">\u00e9");
  EXPECT_EQ(decode_page("\u00e9", "text/html; charset=utf-8"), "\u00e9");
  EXPECT_EQ(decode_page("\xEF\xBB\xBFx", ""), "x");
  EXPECT_EQ(decode_page("\xE9", ""), "\uFFFD");
}

}  // namespace
}  // namespace quorate::engine::modules
