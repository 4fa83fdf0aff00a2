// SPDX-License-Identifier: MIT
#include "chain/signed_transaction.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/rlp.hpp"
#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

const private_key key_one = parse_private_key(std::string(64, '1')).value();

bytes random_data(std::mt19937_64& random, std::size_t longest) {
  bytes out(random() % (longest + 1));
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

transaction_fields random_fields(std::mt19937_64& random) {
  transaction_fields out;
  out.type = static_cast<envelope_type>(random() % 3);
  if (out.type != envelope_type::legacy || random() % 2 == 0) out.chain_id = from_big_endian(random_data(random, 8));
  out.nonce = from_big_endian(random_data(random, 6));
  out.gas_price = from_big_endian(random_data(random, 8));
  if (out.type == envelope_type::dynamic_fee) out.max_priority_fee = from_big_endian(random_data(random, 8));
  out.gas = from_big_endian(random_data(random, 4));
  if (random() % 4 != 0) out.to = address_of(key_one).value();
  out.value = from_big_endian(random_data(random, 34));
  out.data = random_data(random, 300);
  return out;
}

TEST(signed_transaction, what_is_signed_here_comes_back) {
  std::mt19937_64 random{41};
  for (int round = 0; round < 200; ++round) {
    const transaction_fields fields = random_fields(random);
    const auto raw = sign_transaction(fields, key_one);
    ASSERT_TRUE(raw);
    const auto back = decode_signed_transaction(*raw);
    ASSERT_TRUE(back) << to_hex(*raw) << " " << back.error().detail;
    EXPECT_EQ(back->sender, address_of(key_one).value());
    EXPECT_EQ(back->hash, keccak256(*raw));
    EXPECT_EQ(back->fields.type, fields.type);
    EXPECT_EQ(back->fields.chain_id, fields.chain_id);
    EXPECT_EQ(back->fields.nonce, fields.nonce);
    EXPECT_EQ(back->fields.gas_price, fields.gas_price);
    EXPECT_EQ(back->fields.max_priority_fee, fields.max_priority_fee);
    EXPECT_EQ(back->fields.gas, fields.gas);
    EXPECT_EQ(back->fields.to, fields.to);
    EXPECT_EQ(back->fields.value, fields.value);
    EXPECT_EQ(back->fields.data, fields.data);
    EXPECT_FALSE(decode_signed_transaction(bytes_view{*raw}.first(random() % raw->size())));
  }
}

TEST(signed_transaction, a_typed_envelope_needs_a_chain_id) {
  EXPECT_FALSE(sign_transaction({.type = envelope_type::dynamic_fee}, key_one));
  EXPECT_FALSE(sign_transaction({.type = envelope_type::access_list}, key_one));
}

/// A legacy envelope of ours with its items as `change` leaves them, and the signature still that of the original.
template <class Change>
bytes changed(const Change& change, envelope_type type = envelope_type::legacy) {
  const bytes raw =
      sign_transaction({.type = type, .chain_id = integer{61999}, .nonce = 7, .gas = 21000, .value = 5}, key_one)
          .value();
  const bool typed = type != envelope_type::legacy;
  const auto list = decode_rlp(bytes_view{raw}.subspan(typed ? 1 : 0)).value();
  std::vector<bytes> items;
  for (const auto& item : list.items) items.emplace_back(item.encoded.begin(), item.encoded.end());
  change(items);
  bytes out = rlp_list(items);
  if (typed) out.insert(out.begin(), static_cast<std::uint8_t>(type));
  return out;
}

/// genlayer-js signs so when the account has no transactions yet: the byte 0x00 where an empty string belongs.
TEST(signed_transaction, a_nonce_written_as_a_zero_byte_is_zero_and_is_hashed_as_it_came) {
  const bytes unsigned_items =
      rlp_list({bytes{0}, rlp_integer(0), rlp_integer(500000), rlp_string(bytes(20, 0xb7)), rlp_integer(0),
                rlp_string("data"), rlp_integer(61999), rlp_string(""), rlp_string("")});
  const ecdsa_signature s = sign_digest(keccak256(unsigned_items), key_one).value();
  const bytes raw = rlp_list({bytes{0}, rlp_integer(0), rlp_integer(500000), rlp_string(bytes(20, 0xb7)),
                              rlp_integer(0), rlp_string("data"), rlp_integer(35 + 2 * 61999 + (s.odd ? 1 : 0)),
                              rlp_integer(from_big_endian(s.r)), rlp_integer(from_big_endian(s.s))});
  const auto back = decode_signed_transaction(raw);
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(back->fields.nonce, 0);
  EXPECT_EQ(back->sender, address_of(key_one).value());
  EXPECT_EQ(back->signing_hash, keccak256(unsigned_items));
}

TEST(signed_transaction, only_the_nonce_may_be_a_zero_byte) {
  for (std::size_t i = 0; i < 9; ++i) {
    const auto back = decode_signed_transaction(changed([&](auto& items) { items[i] = bytes{0}; }));
    // Data is any bytes.
    EXPECT_EQ(back.has_value(), i == 0 || i == 5) << i;
  }
}

TEST(signed_transaction, the_form_of_every_item_is_checked) {
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_FALSE(decode_signed_transaction(changed([&](auto& items) { items[i] = rlp_list({}); }))) << i;
    EXPECT_FALSE(
        decode_signed_transaction(changed([&](auto& items) { items.erase(items.begin() + static_cast<long>(i)); })));
  }
  EXPECT_FALSE(decode_signed_transaction(changed([](auto& items) { items[0] = rlp_string(bytes{0, 7}); })));
  EXPECT_FALSE(decode_signed_transaction(changed([](auto& items) { items[3] = rlp_string(bytes(19)); })));
  EXPECT_FALSE(decode_signed_transaction(changed([](auto& items) { items[7] = rlp_string(bytes(33, 1)); })));
  EXPECT_FALSE(decode_signed_transaction(changed([](auto& items) { items[6] = rlp_integer(29); })));
  const auto refused = decode_signed_transaction(changed([](auto& items) { items.push_back(rlp_string("")); }));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_params);
  EXPECT_EQ(refused.error().message, "Invalid transaction data");
}

TEST(signed_transaction, access_lists_are_checked_and_hashed) {
  const auto with_list = [](const bytes& list) {
    return decode_signed_transaction(changed([&](auto& items) { items[7] = list; }, envelope_type::access_list));
  };
  const bytes address = rlp_string(bytes(20, 1)), key = rlp_string(bytes(32, 2));
  const auto empty = with_list(rlp_list({}));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->sender, address_of(key_one).value());
  const auto one = with_list(rlp_list({rlp_list({address, rlp_list({key, key})})}));
  ASSERT_TRUE(one);
  EXPECT_NE(one->signing_hash, empty->signing_hash);
  EXPECT_TRUE(with_list(rlp_list({rlp_list({address, rlp_list({})})})));
  EXPECT_FALSE(with_list(rlp_string("")));
  EXPECT_FALSE(with_list(rlp_list({address})));
  EXPECT_FALSE(with_list(rlp_list({rlp_list({address})})));
  EXPECT_FALSE(with_list(rlp_list({rlp_list({key, rlp_list({})})})));
  EXPECT_FALSE(with_list(rlp_list({rlp_list({address, rlp_list({address})})})));
  EXPECT_FALSE(with_list(rlp_list({rlp_list({address, key})})));
}

TEST(signed_transaction, other_envelopes_are_refused) {
  const bytes raw = changed([](auto&) {}, envelope_type::dynamic_fee);
  ASSERT_TRUE(decode_signed_transaction(raw));
  for (const std::uint8_t type : {0x00, 0x01, 0x03, 0x04, 0x7f, 0x80, 0xbf}) {
    bytes other = raw;
    other[0] = type;
    EXPECT_FALSE(decode_signed_transaction(other)) << int{type};
  }
  EXPECT_FALSE(decode_signed_transaction({}));
}

}  // namespace
}  // namespace quorate::chain
