// SPDX-License-Identifier: MIT
#include "chain/redact.hpp"

#include <gtest/gtest.h>

namespace quorate {
namespace {

TEST(redact, hides_the_password_of_a_url_and_nothing_else_of_it) {
  EXPECT_EQ(redact("postgresql://bob:s3cret@db:5432/studio?x=1"), "postgresql://bob:***@db:5432/studio?x=1");
  EXPECT_EQ(redact("a postgresql://bob:s3:c@ret@db/x b"), "a postgresql://bob:***@db/x b");
  EXPECT_EQ(redact("http://localhost:4000/api"), "http://localhost:4000/api");
  EXPECT_EQ(redact("postgresql://bob@db/x"), "postgresql://bob@db/x");
}

TEST(redact, hides_values_after_secret_names_in_every_usual_form) {
  EXPECT_EQ(redact("password=abc user=bob"), "password=*** user=bob");
  EXPECT_EQ(redact("host=h password='a b\\'c' port=1"), "host=h password='***' port=1");
  EXPECT_EQ(redact(R"({"admin_key":"abc","a":1})"), R"({"admin_key":"***","a":1})");
  EXPECT_EQ(redact(R"({"privateKey" : "0xabc"})"), R"({"privateKey" : "***"})");
  EXPECT_EQ(redact("X-Admin-Key: abc, Host: x"), "X-Admin-Key: ***, Host: x");
  EXPECT_EQ(redact("Authorization: Bearer abc"), "Authorization: Bearer ***");
  EXPECT_EQ(redact("OPENAI_API_KEY=abc"), "OPENAI_API_KEY=***");
}

TEST(redact, hides_provider_keys_wherever_they_stand) {
  EXPECT_EQ(redact("got 401 for sk-abcdefghijklmnop1234"), "got 401 for ***");
  EXPECT_EQ(redact("risk-abcdefghijklmnop1234 sk-short"), "risk-abcdefghijklmnop1234 sk-short");
}

TEST(redact, leaves_ordinary_text_alone) {
  for (const auto* text : {"", "key=1", "hash=0xabc", "a:b@c", "password", "password=", "20 connections"}) {
    EXPECT_EQ(redact(text), text);
  }
}

TEST(redact, does_not_read_past_an_unfinished_quote) {
  EXPECT_EQ(redact("password=\"abc"), "password=\"***");
  EXPECT_EQ(redact("password=\"abc\\"), "password=\"***");
  EXPECT_EQ(redact("password=\""), "password=\"");
}

TEST(redact, knows_secret_names_in_any_spelling) {
  for (const auto* name : {"ADMIN_API_KEY", "X-Admin-Key", "privateKey", "db_password", "PGPASSWORD"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const auto* name : {"key", "url", "host", "idempotency_key", ""}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

}  // namespace
}  // namespace quorate
