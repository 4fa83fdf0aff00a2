// SPDX-License-Identifier: MIT
#include "chain/base64.hpp"

#include <gtest/gtest.h>

namespace quorate::chain {
namespace {

struct example {
  std::string_view plain, encoded;
};
// RFC 4648 §10.
constexpr example examples[] = {{"", ""},
                                {"f", "Zg=="},
                                {"fo", "Zm8="},
                                {"foo", "Zm9v"},
                                {"foob", "Zm9vYg=="},
                                {"fooba", "Zm9vYmE="},
                                {"foobar", "Zm9vYmFy"}};

TEST(base64, agrees_with_rfc_4648) {
  for (const auto& [plain, encoded] : examples) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    const auto decoded = from_base64(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(std::string(decoded->begin(), decoded->end()), plain);
  }
}

TEST(base64, every_byte_survives) {
  bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const bytes_view part{all.data(), size};
    EXPECT_EQ(from_base64(to_base64(part)), bytes(part.begin(), part.end()));
  }
  EXPECT_NE(to_base64(all).find("+/"), std::string::npos);
}

TEST(base64, refuses_what_is_not_base64) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zg===", "====", "Zm=v", "Zm9-", "Zm 9", "Zg==Zg=="})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace quorate::chain
