// SPDX-License-Identifier: MIT
#include "chain/signature.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/address.hpp"
#include "chain/contract_address.hpp"
#include "chain/personal_message.hpp"
#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

template <std::size_t size>
std::array<std::uint8_t, size> array_of(const json& hex) {
  const bytes data = unhex(hex);
  std::array<std::uint8_t, size> out{};
  EXPECT_EQ(data.size(), size);
  std::copy_n(data.begin(), std::min(size, data.size()), out.begin());
  return out;
}

TEST(signature, agrees_with_the_vectors_bit_for_bit) {
  const json all = tests::vectors("signatures");
  ASSERT_EQ(all.at("ecdsa").size(), 5u);
  for (const json& v : all.at("ecdsa")) {
    const auto key = parse_private_key(v.at("private_key").get<std::string>());
    ASSERT_TRUE(key) << v;
    const auto digest = array_of<32>(v.at("digest"));
    const auto made = sign_digest(digest, *key);
    ASSERT_TRUE(made) << v;
    EXPECT_EQ(to_hex_0x(made->r), v.at("r"));
    EXPECT_EQ(to_hex_0x(made->s), v.at("s"));
    EXPECT_EQ(made->odd ? 1 : 0, v.at("y_parity"));
    const auto signer = recover_signer(digest, *made);
    ASSERT_TRUE(signer) << v;
    EXPECT_EQ(address_text(*signer), v.at("signer").get<std::string>());
  }
}

TEST(signature, keys_and_their_addresses) {
  const json all = tests::vectors("addresses");
  ASSERT_GE(all.at("keys").size(), 8u);
  for (const json& v : all.at("keys")) {
    for (const char* spelling : {"private_key", "key_text_without_prefix"}) {
      const auto key = parse_private_key(v.at(spelling).get<std::string>());
      ASSERT_TRUE(key) << v;
      EXPECT_EQ(address_text(address_of(*key).value()), v.at("address").get<std::string>());
    }
  }
  for (const json& v : all.at("invalid_keys")) {
    EXPECT_FALSE(parse_private_key(v.at("private_key").get<std::string>())) << v;
  }
  EXPECT_FALSE(address_of(private_key{}));
  EXPECT_FALSE(sign_digest(hash256{}, private_key{}));
}

TEST(signature, both_forms_of_s_recover_the_same_signer) {
  static const integer order{"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"};
  const private_key key = parse_private_key(std::string(64, '1')).value();
  std::mt19937_64 random{37};
  for (int round = 0; round < 50; ++round) {
    hash256 digest{};
    for (auto& byte : digest) byte = static_cast<std::uint8_t>(random());
    ecdsa_signature signature = sign_digest(digest, key).value();
    EXPECT_EQ(recover_signer(digest, signature), address_of(key).value());
    signature.s = to_word(order - from_big_endian(signature.s));
    signature.odd = !signature.odd;
    EXPECT_EQ(recover_signer(digest, signature), address_of(key).value());
    signature.odd = !signature.odd;
    EXPECT_NE(recover_signer(digest, signature), address_of(key).value());
  }
}

TEST(signature, r_and_s_out_of_range_are_nobodys) {
  const word256 one = to_word(1);
  const word256 order = to_word(integer{"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"});
  EXPECT_TRUE(recover_signer(hash256{}, {.r = one, .s = one, .odd = false}));
  EXPECT_FALSE(recover_signer(hash256{}, {.r = {}, .s = one, .odd = false}));
  EXPECT_FALSE(recover_signer(hash256{}, {.r = one, .s = {}, .odd = false}));
  EXPECT_FALSE(recover_signer(hash256{}, {.r = order, .s = one, .odd = false}));
  EXPECT_FALSE(recover_signer(hash256{}, {.r = one, .s = order, .odd = false}));
  EXPECT_FALSE(recover_signer(hash256{}, {.r = to_word(5), .s = one, .odd = false})) << "5 is no point's x";
}

TEST(signature, v_says_parity_and_chain) {
  EXPECT_FALSE(read_v(0)->odd);
  EXPECT_TRUE(read_v(1)->odd);
  EXPECT_FALSE(read_v(27)->odd);
  EXPECT_TRUE(read_v(28)->odd);
  EXPECT_FALSE(read_v(28)->chain_id);
  EXPECT_EQ(read_v(35)->chain_id, integer{0});
  EXPECT_FALSE(read_v(35)->odd);
  EXPECT_EQ(read_v(2 * 61999 + 36)->chain_id, integer{61999});
  EXPECT_TRUE(read_v(2 * 61999 + 36)->odd);
  for (const int v : {2, 26, 29, 34}) EXPECT_FALSE(read_v(v)) << v;
}

TEST(personal_message, agrees_with_the_vectors) {
  const json all = tests::vectors("signatures");
  ASSERT_EQ(all.at("eip191").size(), 6u);
  const private_key key = parse_private_key(std::string(64, '1')).value();
  for (const json& v : all.at("eip191")) {
    bytes message;
    if (v.contains("transaction_hash")) {
      const hash256 inner = cancel_message(array_of<32>(v.at("transaction_hash")));
      EXPECT_EQ(to_hex_0x(inner), v.at("inner_keccak"));
      message.assign(inner.begin(), inner.end());
    } else if (v.contains("contract_address")) {
      const hash256 inner = upgrade_message(array_of<20>(v.at("contract_address")), v.at("contract_nonce").get<int>(),
                                            v.at("new_code").get<std::string>());
      EXPECT_EQ(to_hex_0x(inner), v.at("inner_keccak"));
      message.assign(inner.begin(), inner.end());
    } else {
      append(message, as_bytes(v.at("message_utf8").get_ref<const std::string&>()));
    }
    const auto text = v.at("signature").get<std::string>();
    EXPECT_EQ(to_hex_0x(personal_message_hash(message)), v.at("eip191_digest"));
    EXPECT_EQ(recover_personal_signer(message, text).value(), v.at("signer"));
    EXPECT_EQ(sign_personal_message(message, key).value(), text);
    // The parity also as 0 or 1, and as EIP-155 would write it; digits of either case, no prefix.
    const bool odd = text.ends_with("1c");
    const std::string body = text.substr(2, 128);
    EXPECT_EQ(recover_personal_signer(message, body + (odd ? "01" : "00")).value(), v.at("signer"));
    EXPECT_EQ(recover_personal_signer(message, body + (odd ? "24" : "23")).value(), v.at("signer"));
  }
}

TEST(personal_message, what_is_no_signature_is_refused) {
  const std::string r_s(128, '1');
  for (const std::string& text : {std::string{}, std::string{"0x"}, r_s, r_s + "1b00", r_s + "02", r_s + "1g",
                                  r_s + "1", std::string(130, '0'), std::string(128, 'f') + "1b"}) {
    const auto signer = recover_personal_signer(as_bytes("message"), text);
    ASSERT_FALSE(signer) << text;
    EXPECT_EQ(signer.error().message, "Invalid signature");
    EXPECT_EQ(signer.error().code, errc::invalid_params);
  }
}

TEST(contract_address, of_child_contracts_agrees_with_the_vectors) {
  const json all = tests::vectors("addresses");
  ASSERT_EQ(all.at("child_contract_addresses").size(), 5u);
  for (const json& v : all.at("child_contract_addresses")) {
    EXPECT_EQ(child_contract_address(array_of<20>(v.at("parent")), integer{v.at("salt_nonce").get<std::string>()},
                                     integer{v.at("chain_id").get<std::uint64_t>()}),
              v.at("address"));
  }
}

TEST(signature, a_new_key_is_drawn_until_it_is_one) {
  int draws = 0;
  const auto key = make_private_key([&](std::span<std::uint8_t> out) {
    std::fill(out.begin(), out.end(), draws == 0 ? std::uint8_t{0} : draws == 1 ? std::uint8_t{0xff} : std::uint8_t{7});
    ++draws;
  });
  EXPECT_EQ(draws, 3) << "zero and what is beyond the group's order are no keys";
  EXPECT_EQ(key, parse_private_key(to_hex_0x(key)));
  EXPECT_TRUE(address_of(key));
}

TEST(contract_address, of_a_deploy_follows_sender_nonce_and_hash) {
  const auto sender = array_of<20>("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A");
  const hash256 hash = keccak256("a"), other = keccak256("b");
  const std::string address = deploy_address(sender, 3, hash);
  EXPECT_TRUE(is_checksum_address(address));
  EXPECT_EQ(deploy_address(sender, 3, hash), address);
  EXPECT_NE(deploy_address(sender, 4, hash), address);
  EXPECT_NE(deploy_address(sender, 3, other), address);
  EXPECT_NE(deploy_address(address20{}, 3, hash), address);
  EXPECT_EQ(deploy_address(sender, 3, to_word(61999)), child_contract_address(sender, 3, 61999)) << "the same rule";
}

}  // namespace
}  // namespace quorate::chain
