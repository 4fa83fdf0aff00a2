// SPDX-License-Identifier: MIT
#include "chain/address.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "chain/json.hpp"
#include "tests/common/paths.hpp"

namespace quorate::chain {
namespace {

json vectors() { return json::parse(std::ifstream{tests::data_file("vectors/addresses.json")}); }

TEST(address, every_vector_gets_its_verdict_and_its_canonical_text) {
  std::size_t count = 0;
  const json all = vectors();
  for (const json& v : all.at("addresses")) {
    SCOPED_TRACE(v.at("id").get<std::string>());
    const auto input = v.at("input").get<std::string>();
    const auto canonical = normalize_address(input);
    EXPECT_EQ(is_address(input), v.at("valid").get<bool>());
    EXPECT_EQ(canonical.has_value(), v.at("valid").get<bool>());
    if (canonical) {
      EXPECT_EQ(*canonical, v.at("checksum").get<std::string>());
      EXPECT_EQ(is_checksum_address(input), v.at("is_checksum_address").get<bool>());
    }
    ++count;
  }
  EXPECT_EQ(count, 26u);
}

TEST(address, bytes_and_text_are_two_views_of_one_address) {
  std::mt19937_64 random{20260601};
  for (int round = 0; round < 500; ++round) {
    bytes raw(20);
    for (auto& byte : raw) byte = static_cast<std::uint8_t>(random());
    const auto text = address_text(raw);
    ASSERT_TRUE(text);
    EXPECT_EQ(from_hex(*text), raw);
    EXPECT_EQ(normalize_address(to_hex(raw)), text);
    EXPECT_EQ(normalize_address(*text), text) << "normalising twice changes nothing";
    EXPECT_TRUE(is_checksum_address(*text));
  }
}

TEST(address, bytes_of_another_length_are_no_address) {
  EXPECT_FALSE(address_text(bytes(19)));
  EXPECT_FALSE(address_text(bytes(21)));
  EXPECT_FALSE(address_text({}));
}

}  // namespace
}  // namespace quorate::chain
