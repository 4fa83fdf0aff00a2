// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <random>

#include "chain/rlp.hpp"
#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

/// The vectors' notation: hex text for a string, an array for a list.
json notation_of(const rlp_item& item) {
  if (!item.is_list) return to_hex_0x(item.data);
  json out = json::array();
  for (const auto& entry : item.items) out.push_back(notation_of(entry));
  return out;
}

bytes encode_notation(const json& value) {
  if (value.is_string()) return rlp_string(unhex(value));
  std::vector<bytes> items;
  for (const json& entry : value) items.push_back(encode_notation(entry));
  return rlp_list(items);
}

bytes encode_again(const rlp_item& item) {
  if (!item.is_list) return rlp_string(item.data);
  std::vector<bytes> items;
  for (const auto& entry : item.items) items.push_back(encode_again(entry));
  return rlp_list(items);
}

TEST(rlp_decoder, agrees_with_the_valid_vectors) {
  const json all = tests::vectors("rlp");
  ASSERT_GE(all.at("valid").size(), 20u);
  for (const json& v : all.at("valid")) {
    const bytes encoded = unhex(v.at("rlp"));
    const auto item = decode_rlp(encoded);
    ASSERT_TRUE(item) << v.at("id") << " " << item.error().message;
    EXPECT_EQ(notation_of(*item), v.at("value")) << v.at("id");
    EXPECT_EQ(encode_notation(v.at("value")), encoded) << v.at("id");
  }
}

TEST(rlp_decoder, refuses_the_invalid_vectors) {
  const json all = tests::vectors("rlp");
  ASSERT_GE(all.at("invalid").size(), 19u);
  for (const json& v : all.at("invalid")) {
    const bytes encoded = unhex(v.at("rlp"));
    const auto item = decode_rlp(encoded);
    ASSERT_FALSE(item) << v.at("id");
    EXPECT_EQ(item.error().code, errc::invalid_params);
    EXPECT_TRUE(item.error().message.starts_with("Invalid RLP: ")) << item.error().message;
  }
}

TEST(rlp_decoder, an_item_knows_its_bytes_as_received) {
  const bytes encoded = unhex("c88363617483646f67");
  const auto list = decode_rlp(encoded);
  ASSERT_TRUE(list);
  EXPECT_EQ(to_hex(list->encoded), "c88363617483646f67");
  EXPECT_EQ(to_hex(list->items[1].encoded), "83646f67");
  EXPECT_EQ(to_hex(list->items[1].data), "646f67");
}

TEST(rlp_decoder, nesting_and_number_of_items_are_bounded) {
  bytes nested = rlp_list({});
  for (int level = 1; level < 64; ++level) nested = rlp_list({nested});
  EXPECT_TRUE(decode_rlp(nested));
  const bytes deeper = rlp_list({nested});
  EXPECT_EQ(decode_rlp(deeper).error().message, "Invalid RLP: nested too deeply");

  const bytes wide = rlp_list(std::vector<bytes>(9, bytes{1}));
  EXPECT_TRUE(decode_rlp(wide, {.items = 10}));
  EXPECT_EQ(decode_rlp(wide, {.items = 9}).error().message, "Invalid RLP: too many items");
}

bytes random_item(std::mt19937_64& random, int depth) {
  if (depth > 0 && random() % 2 == 0) {
    std::vector<bytes> items(random() % 8);
    for (auto& item : items) item = random_item(random, depth - 1);
    return rlp_list(items);
  }
  bytes text(random() % 5 == 0 ? random() % 400 : random() % 3);
  for (auto& byte : text) byte = static_cast<std::uint8_t>(random());
  return rlp_string(text);
}

TEST(rlp_decoder, random_items_come_back_and_no_prefix_or_extension_of_one_is_taken) {
  std::mt19937_64 random{23};
  for (int round = 0; round < 400; ++round) {
    bytes encoded = random_item(random, 5);
    const auto item = decode_rlp(encoded);
    ASSERT_TRUE(item) << to_hex(encoded);
    EXPECT_EQ(encode_again(*item), encoded);
    EXPECT_FALSE(decode_rlp(bytes_view{encoded}.first(random() % encoded.size())));
    encoded.push_back(static_cast<std::uint8_t>(random()));
    EXPECT_FALSE(decode_rlp(encoded));
  }
}

/// Whatever is accepted has exactly one spelling: encoding it again gives the very bytes.
TEST(rlp_decoder, changed_bytes_are_refused_or_stay_canonical) {
  std::mt19937_64 random{29};
  int taken = 0;
  for (int round = 0; round < 3000; ++round) {
    bytes encoded = random_item(random, 3);
    encoded[random() % encoded.size()] = static_cast<std::uint8_t>(random());
    if (const auto item = decode_rlp(encoded)) {
      EXPECT_EQ(encode_again(*item), encoded);
      ++taken;
    }
  }
  EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace quorate::chain
