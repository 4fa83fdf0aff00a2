// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "rpc/bind.hpp"

namespace quorate::rpc {
namespace {

/// The form handlers get, as JSON text, or the refusal's message.
std::string checked(param_type type, std::string_view text) {
  json value = chain::parse_json(text).value();
  const auto done = check_type({.name = "p", .type = type}, value);
  if (done) return chain::dump_json(value);
  EXPECT_EQ(done.error().code, errc::invalid_params);
  return done.error().message;
}

TEST(param_types, addresses_arrive_in_one_spelling) {
  const auto canonical = R"("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")";
  for (const char* text :
       {R"("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")", R"("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")",
        R"("5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED")", R"("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")"}) {
    EXPECT_EQ(checked(param_type::address, text), canonical);
  }
}

TEST(param_types, the_address_message_is_the_one_clients_know) {
  const std::string message = "Incorrect address format. Please provide a valid address";
  EXPECT_EQ(checked(param_type::address, R"("0x12")"), message + ": 0x12");
  EXPECT_EQ(checked(param_type::address, "12"), message + ": 12");
  EXPECT_EQ(checked(param_type::address, R"("")"), message);
  EXPECT_EQ(checked(param_type::address, "null"), message);
}

TEST(param_types, a_parameter_can_have_words_of_its_own) {
  json value = "0x12";
  const auto done =
      check_type({.name = "a", .type = param_type::address, .refusal = "Invalid address from_address"}, value);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "Invalid address from_address: 0x12");
}

TEST(param_types, a_long_value_is_not_echoed_whole) {
  std::string text = "\"";
  for (int i = 0; i < 1000; ++i) text += "é";
  const auto message = checked(param_type::address, text + "\"");
  EXPECT_LT(message.size(), 200u);
  EXPECT_TRUE(message.ends_with("é..."));
}

TEST(param_types, hashes_are_lower_case) {
  const std::string digits(62, 'A');
  EXPECT_EQ(checked(param_type::hash, "\"0xBc" + digits + "\""), "\"0xbc" + std::string(62, 'a') + "\"");
  for (const auto& text : {"\"0x" + digits + "\"", "\"bc" + digits + "\"", "\"0xgg" + digits + "\"", std::string{"5"},
                           "\"0XBc" + digits + "\""}) {
    EXPECT_EQ(checked(param_type::hash, text), "Invalid parameter p: expected a hash of 0x and 64 hex digits");
  }
}

TEST(param_types, integers_fit_64_bits) {
  EXPECT_EQ(checked(param_type::integer, "-5"), "-5");
  EXPECT_EQ(checked(param_type::integer, "1e3"), "1000");
  EXPECT_EQ(checked(param_type::integer, "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(checked(param_type::integer, "9223372036854775808"),
            "Invalid parameter p: expected an integer of at most 64 bits");
  for (const char* text : {"1.5", "\"5\"", "true", "null", "[1]"}) {
    EXPECT_EQ(checked(param_type::integer, text), "Invalid parameter p: expected an integer");
  }
}

TEST(param_types, amounts_of_every_spelling_become_decimal_text) {
  EXPECT_EQ(checked(param_type::amount, "1e+21"), R"("1000000000000000000000")");
  EXPECT_EQ(checked(param_type::amount, "100"), R"("100")");
  EXPECT_EQ(checked(param_type::amount, "5.0"), R"("5")");
  EXPECT_EQ(checked(param_type::amount, R"("0x10")"), R"("16")");
  EXPECT_EQ(checked(param_type::amount, R"("007")"), R"("7")");
  EXPECT_EQ(checked(param_type::amount, std::string(78, '9')), '"' + std::string(78, '9') + '"');
  EXPECT_EQ(checked(param_type::amount, "1" + std::string(78, '0')),
            "Invalid parameter p: expected a number of at most 78 digits");
  EXPECT_EQ(checked(param_type::amount, "-1"), "Invalid parameter p: expected a number that is not negative");
  for (const char* text : {"0.5", "true", "null", R"("")", R"("1e3")", R"("0x")", "1e5000", "{}"}) {
    EXPECT_EQ(checked(param_type::amount, text), "Invalid parameter p: expected a whole number") << text;
  }
}

TEST(param_types, blocks_are_tags_or_hex_numbers) {
  for (const char* tag : {R"("latest")", R"("earliest")", R"("pending")", R"("safe")", R"("finalized")"}) {
    EXPECT_EQ(checked(param_type::block, tag), tag);
  }
  EXPECT_EQ(checked(param_type::block, R"("0x00fF")"), R"("0xff")");
  EXPECT_EQ(checked(param_type::block, R"("ff")"), R"("0xff")");
  EXPECT_EQ(checked(param_type::block, R"("0x0")"), R"("0x0")");
  EXPECT_EQ(checked(param_type::block, R"("soon")"), "Invalid block number format: soon");
  for (const char* text : {"5", "null", R"("")", R"("0x")", R"("0xffffffffffffffff")"}) {
    EXPECT_TRUE(checked(param_type::block, text).starts_with("Invalid block number format: ")) << text;
  }
}

TEST(param_types, the_other_types) {
  EXPECT_EQ(checked(param_type::boolean, "true"), "true");
  EXPECT_EQ(checked(param_type::boolean, R"("false")"), "Invalid parameter p: expected a boolean");
  EXPECT_EQ(checked(param_type::string, R"("x")"), R"("x")");
  EXPECT_EQ(checked(param_type::string, "1"), "Invalid parameter p: expected a string");
  EXPECT_EQ(checked(param_type::string, R"("a\u0000b")"), "Invalid parameter p: expected a string without U+0000");
  EXPECT_EQ(checked(param_type::object, "{}"), "{}");
  EXPECT_EQ(checked(param_type::object, "[]"), "Invalid parameter p: expected an object");
  EXPECT_EQ(checked(param_type::array, "[]"), "[]");
  EXPECT_EQ(checked(param_type::array, "{}"), "Invalid parameter p: expected an array");
  EXPECT_EQ(checked(param_type::strings, R"(["a"])"), R"(["a"])");
  EXPECT_EQ(checked(param_type::strings, R"(["a",1])"), "Invalid parameter p: expected an array of strings");
  EXPECT_EQ(checked(param_type::any, "1.50"), "1.50");
}

}  // namespace
}  // namespace quorate::rpc
