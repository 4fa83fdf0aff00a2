// SPDX-License-Identifier: MIT
#include "chain/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace quorate::chain {
namespace {

json read(std::string_view text, const json_limits& limits = {}) {
  auto value = parse_json(text, limits);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().detail);
  return value ? *value : json{};
}

bool refuses(std::string_view text, const json_limits& limits = {}) {
  const auto value = parse_json(text, limits);
  return !value && value.error().code == errc::parse_error && value.error().message == "Parse error" &&
         !value.error().detail.empty();
}

TEST(json, texts_come_back_as_they_were) {
  for (const std::string_view text : {R"({"a":[1,2,{"b":null}],"c":"d"})", "[]", "{}", "null", "true", "false", "0",
                                      "-1", R"("")", "[[],{},[[]]]", "9223372036854775807", "-9223372036854775808",
                                      "18446744073709551615", R"("é世😀")", R"("\u0000\u001f\"\\\n")"}) {
    EXPECT_EQ(dump_json(read(text)), text);
  }
}

TEST(json, numbers_keep_every_digit) {
  for (const std::string_view text :
       {"18446744073709551616", "-9223372036854775809", "1e400", "1E+21", "0.1", "1.0", "-0.0", "1.10",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "0.30000000000000004000000000000000001", "123456789012345678901234567890.000"}) {
    const json value = read(text);
    EXPECT_TRUE(is_number(value)) << text;
    EXPECT_EQ(dump_json(value), text);
  }
}

TEST(json, last_duplicate_key_wins) { EXPECT_EQ(dump_json(read(R"({"a":[1],"b":0,"a":2})")), R"({"a":2,"b":0})"); }

TEST(json, byte_order_mark_and_white_space_are_passed_over) {
  EXPECT_EQ(dump_json(read("\xEF\xBB\xBF \t\r\n{ \"a\" : [ 1 , 2 ] } \n")), R"({"a":[1,2]})");
}

TEST(json, escapes_become_utf8) {
  EXPECT_EQ(read(R"("\u00e9\u4e16\ud83d\ude00\/\b\f\n\r\t")").get<std::string>(), "é世😀/\b\f\n\r\t");
}

TEST(json, refuses_what_the_grammar_refuses) {
  for (const std::string_view text :
       {"",       " ",       "{",        "[",          "[1",        "[1,",       "[1,]",        "[,1]",
        "[1 2]",  "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",     "{'a':1}",   "{1:1}",       "nul",
        "tru",    "True",    "NaN",      "Infinity",   "-Infinity", "[NaN]",     "01",          "-",
        "-a",     "+1",      "1.",       ".5",         "1.e3",      "1e",        "1e+",         "0x10",
        "1 2",    "{} {}",   "\"",       "\"\\",       "\"\\x\"",   "\"\\u12\"", "\"\\u12g4\"", "\"\n\"",
        "\"\t\"", "// c\n1", "/* c */1", "1]",         "}",         "[1}",       "{\"a\":1]"}) {
    EXPECT_TRUE(refuses(text)) << text;
  }
  EXPECT_TRUE(refuses(std::string_view{"\"\0\"", 3}));
  EXPECT_TRUE(refuses(std::string_view{"1\0", 2}));
}

TEST(json, refuses_bytes_that_are_not_utf8) {
  for (const std::string_view text :
       {"\"\xff\"", "\"\xc3\"", "\"\xc0\x80\"", "\"\xe0\x80\x80\"", "\"\xed\xa0\x80\"", "\"\xf0\x80\x80\x80\"",
        "\"\xf4\x90\x80\x80\"", "\"\x80\"", "\"a\xe4\xb8\"", "{\"\xff\":1}"}) {
    EXPECT_TRUE(refuses(text));
  }
  for (const std::string_view text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud83dx")", R"("\ud83d\)"}) {
    EXPECT_TRUE(refuses(text)) << text;
  }
}

TEST(json, refuses_utf16) {
  EXPECT_TRUE(refuses(std::string_view{"[\0001\0]\0", 6}));
  EXPECT_TRUE(refuses(std::string_view{"\xff\xfe[\0]\0", 6}));
}

TEST(json, depth_is_bounded_before_anything_is_built) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_FALSE(refuses(nested(64)));
  EXPECT_TRUE(refuses(nested(65)));
  EXPECT_TRUE(refuses(std::string(200'000, '[')));
  std::string objects;
  for (int i = 0; i < 65; ++i) objects += R"({"a":)";
  EXPECT_TRUE(refuses(objects));
}

TEST(json, elements_are_bounded) {
  EXPECT_FALSE(refuses("[1,2,3]", {.depth = 8, .elements = 4}));
  EXPECT_TRUE(refuses("[1,2,3]", {.depth = 8, .elements = 3}));
  EXPECT_TRUE(refuses(R"({"a":{"b":1}})", {.depth = 8, .elements = 2}));
}

TEST(json, integers_of_every_spelling) {
  EXPECT_EQ(as_integer(read("5")), integer{5});
  EXPECT_EQ(as_integer(read("-5")), integer{-5});
  EXPECT_EQ(as_integer(read("18446744073709551615")), integer{"18446744073709551615"});
  EXPECT_EQ(as_integer(read("1e+21")), integer{"1000000000000000000000"});
  EXPECT_EQ(as_integer(read("5.0")), integer{5});
  EXPECT_EQ(as_integer(read("-1.50e1")), integer{-15});
  EXPECT_EQ(as_integer(read("0.000")), integer{0});
  EXPECT_EQ(as_integer(read("0e999999999999")), std::nullopt);
  for (const char* text :
       {"0.5", "1e-1", "1e5000", "1e100000", "1e999999999999999999999", "\"5\"", "null", "true", "[5]"}) {
    EXPECT_FALSE(as_integer(read(text))) << text;
  }
}

TEST(json, numbers_made_here_read_back) {
  for (const char* text : {"0", "-1", "9223372036854775807", "9223372036854775808", "18446744073709551616",
                           "-9223372036854775808", "-9223372036854775809"}) {
    const json value = make_number(integer{text});
    EXPECT_EQ(dump_json(value), text);
    EXPECT_EQ(as_integer(value), integer{text});
  }
}

TEST(json, json_safe_turns_big_integers_into_text) {
  json value = read(R"([9007199254740991,9007199254740992,-9007199254740991,-9007199254740992,1e30,
                       {"a":123456789012345678901234567890,"b":0.5}])");
  make_json_safe(value);
  EXPECT_EQ(dump_json(value), R"([9007199254740991,"9007199254740992",-9007199254740991,"-9007199254740992",1e30,)"
                              R"({"a":"123456789012345678901234567890","b":0.5}])");
}

TEST(json, output_is_always_valid) {
  EXPECT_EQ(dump_json(json{"\xff"
                           "a\xc3"}),
            "[\"\xEF\xBF\xBD"
            "a\xEF\xBF\xBD\"]");
  EXPECT_EQ(dump_json(json::array({std::numeric_limits<double>::quiet_NaN(), 1.0, 0.1, 1e300})),
            "[null,1.0,0.1,1e+300]");
  EXPECT_EQ(dump_json(json::binary({1, 2, 3})), "null");
  std::string out = "x";
  append_quoted(out, std::string_view{"\0\x7f/\x1b", 4});
  EXPECT_EQ(out, "x\"\\u0000\x7f/\\u001b\"");
}

/// A random tree of a few levels.
json random_tree(std::mt19937_64& random, int levels) {
  switch (random() % (levels > 0 ? 8 : 6)) {
    case 0: return nullptr;
    case 1: return random() % 2 == 0;
    case 2: return static_cast<std::int64_t>(random());
    case 3: return random();
    case 4: return make_number((integer{random()} << 70) - (integer{random()} << 71));
    case 5: {
      std::string text;
      for (auto n = random() % 9; n-- > 0;) text += std::string_view{"a\"\\\n\x01/z~"}[random() % 8];
      return text + (random() % 2 == 0 ? "é😀" : "");
    }
    case 6: {
      json out = json::array();
      for (auto n = random() % 5; n-- > 0;) out.push_back(random_tree(random, levels - 1));
      return out;
    }
    default: {
      json out = json::object();
      for (auto n = random() % 5; n-- > 0;) out[std::to_string(random() % 100)] = random_tree(random, levels - 1);
      return out;
    }
  }
}

TEST(json, what_is_written_reads_back_equal) {
  std::mt19937_64 random{42};
  for (int round = 0; round < 2000; ++round) {
    const json value = random_tree(random, 4);
    const std::string text = dump_json(value);
    const json again = read(text);
    ASSERT_EQ(again, value) << text;
    ASSERT_EQ(dump_json(again), text);
  }
}

}  // namespace
}  // namespace quorate::chain
