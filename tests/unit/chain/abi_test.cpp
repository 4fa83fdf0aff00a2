// SPDX-License-Identifier: MIT
#include "chain/abi.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/big_endian.hpp"
#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

abi_type type_of(std::string_view text) { return parse_abi_type(text).value(); }
/// Words of 64 digits, as they are easiest to read.
bytes words(std::initializer_list<std::string_view> hex) {
  std::string all;
  for (const auto word : hex) all += std::string(64 - word.size(), '0') += word;
  return unhex(all);
}

TEST(abi_type, selectors_and_topics_agree_with_the_vectors) {
  const json all = tests::vectors("abi");
  for (const char* list : {"functions", "consensus_data_functions"}) {
    ASSERT_GT(all.at(list).size(), 40u);
    for (const json& v : all.at(list)) {
      const auto signature = parse_abi_signature(v.at("signature").get<std::string>());
      ASSERT_TRUE(signature) << v;
      EXPECT_EQ(to_hex_0x(signature->selector()), v.at("selector"));
      EXPECT_EQ(signature->text(), v.at("signature"));
    }
  }
  ASSERT_GT(all.at("events").size(), 30u);
  for (const json& v : all.at("events")) {
    const auto signature = parse_abi_signature(v.at("signature").get<std::string>());
    ASSERT_TRUE(signature) << v;
    EXPECT_EQ(to_hex_0x(signature->topic()), v.at("topic0"));
  }
}

TEST(abi_type, names_and_short_forms_do_not_change_the_canonical_text) {
  const auto signature = parse_abi_signature(" f ( uint indexed a , (int x, bytes3[] y)[2] b,bool ) ");
  ASSERT_TRUE(signature);
  EXPECT_EQ(signature->text(), "f(uint256,(int256,bytes3[])[2],bool)");
  EXPECT_EQ(signature->inputs.parts[0].name, "a");
  EXPECT_TRUE(signature->inputs.parts[0].indexed);
  EXPECT_EQ(signature->inputs.parts[1].parts[0].parts[1].name, "y");
  EXPECT_EQ(type_of("(uint8,bytes32)[3]").head_size(), 192u);
  EXPECT_FALSE(type_of("(uint8,bytes32)[3]").dynamic());
  EXPECT_TRUE(type_of("(uint8,bytes)[3]").dynamic());
}

TEST(abi_type, everything_else_is_refused) {
  for (const char* text : {"",
                           "uint7",
                           "uint0",
                           "uint264",
                           "uint08",
                           "int257",
                           "bytes0",
                           "bytes33",
                           "fixed128x18",
                           "function",
                           "address[0]",
                           "address[-1]",
                           "address[01]",
                           "address[",
                           "address]",
                           "(",
                           "()",
                           "()[]",
                           "(uint256",
                           "(uint256,)",
                           "uint256 a b",
                           "uint256,uint256",
                           "uint256[99999999999999999999]",
                           "uint256[1000][1000][1000]",
                           "(string[1000])[1000][1000]"}) {
    EXPECT_FALSE(parse_abi_type(text)) << text;
  }
  EXPECT_FALSE(parse_abi_type(std::string(16, '(') + "bool" + std::string(16, ')')));
  EXPECT_FALSE(parse_abi_type("bool[][][][][][][][][][][][][][][][]"));
  for (const char* text : {"", "f", "(uint256)", "f(uint256", "f(uint256))", "f()x", "f(,)"}) {
    EXPECT_FALSE(parse_abi_signature(text)) << text;
  }
  EXPECT_EQ(parse_abi_signature("f()").value().text(), "f()");
}

TEST(abi, examples_of_the_vectors) {
  const json all = tests::vectors("abi");
  int seen = 0;
  for (const json& v : all.at("examples")) {
    if (!v.contains("abi")) continue;
    const auto id = v.at("id").get<std::string>();
    const abi_type type = type_of(v.at("abi").get<std::string>());
    abi_values values;
    for (const json& entry : v.at("value")) {
      abi_values inner;
      if (entry.is_array()) {
        for (const json& number : entry) inner.push_back(abi_value{integer{number.get<std::string>()}});
        values.push_back(abi_value{inner});
      } else {
        values.push_back(abi_value{integer{entry.get<std::string>()}});
      }
    }
    // One value of a tuple type; where the tuple is static that is the same as its members.
    const abi_type one{.kind = abi_kind::tuple, .parts = {type}};
    EXPECT_EQ(to_hex_0x(encode_abi(one, {abi_value{values}}).value()), v.at("data")) << id;
    EXPECT_EQ(decode_abi(one, unhex(v.at("data"))).value().at(0), abi_value{values}) << id;
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

/// The example of the ABI's specification: f(uint256,uint32[],bytes10,bytes).
TEST(abi, static_and_dynamic_arguments_side_by_side) {
  const auto f = parse_abi_signature("f(uint256,uint32[],bytes10,bytes)").value();
  const abi_values values{abi_value{integer{0x123}},
                          abi_value{abi_values{abi_value{integer{0x456}}, abi_value{integer{0x789}}}},
                          abi_value{"1234567890"}, abi_value{"Hello, world!"}};
  const auto encoded = encode_abi_call(f, values);
  ASSERT_TRUE(encoded);
  EXPECT_EQ(to_hex(*encoded),
            "8be65246" + to_hex(words({"123", "80", "3132333435363738393000000000000000000000000000000000000000000000",
                                       "e0", "2", "456", "789", "d",
                                       "48656c6c6f2c20776f726c642100000000000000000000000000000000000000"})));
  EXPECT_EQ(decode_abi(f.inputs, bytes_view{*encoded}.subspan(4)).value(), values);
}

TEST(abi, negative_numbers_are_sign_extended) {
  const abi_type type = type_of("(int8,int256)");
  const abi_values values{abi_value{integer{-128}}, abi_value{integer{-1}}};
  const auto encoded = encode_abi(type, values);
  ASSERT_TRUE(encoded);
  EXPECT_EQ(to_hex(*encoded), std::string(62, 'f') + "80" + std::string(64, 'f'));
  EXPECT_EQ(decode_abi(type, *encoded).value(), values);
  EXPECT_FALSE(decode_abi(type_of("(int8)"), words({"ff"})));
  EXPECT_EQ(decode_abi(type_of("(int8)"), words({"7f"})).value()[0].number(), 127);
}

TEST(abi, padding_and_offsets_are_checked) {
  const std::string ones(64, 'f');
  EXPECT_FALSE(decode_abi(type_of("(address)"), words({"1" + std::string(40, '0')})));
  EXPECT_FALSE(decode_abi(type_of("(bool)"), words({"2"})));
  EXPECT_FALSE(decode_abi(type_of("(uint8)"), words({"100"})));
  EXPECT_FALSE(decode_abi(type_of("(bytes31)"), words({"1"})));
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({"0", "0"}))) << "into the head";
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({"1f", "0"})));
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({"60", "0"})));
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({ones, "0"})));
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({"20", "1"}))) << "the data is missing";
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({"20", "1", "1"}))) << "the padding is not zero";
  EXPECT_FALSE(decode_abi(type_of("(bytes)"), words({"20", ones})));
  EXPECT_FALSE(decode_abi(type_of("(uint256[])"), words({"20", ones})));
  EXPECT_FALSE(decode_abi(type_of("(uint256[])"), words({"20", "2", "1"})));
  EXPECT_FALSE(decode_abi(type_of("(uint256)"), bytes(31)));
  EXPECT_FALSE(decode_abi(type_of("(string)"), words({"20", "1", "ff" + std::string(62, '0')}))) << "not UTF-8";
  EXPECT_TRUE(decode_abi(type_of("(bytes)"), words({"40", "7", "0"}))) << "a gap is allowed";
  EXPECT_TRUE(decode_abi(type_of("(uint256)"), words({"1", "2"}))) << "bytes behind the arguments are ignored";
}

/// Each level's two entries lead to the same place: 2^14 values from a kilobyte, were it not stopped.
TEST(abi, values_that_share_their_bytes_do_not_multiply) {
  std::string type = "(uint256[]";
  std::vector<std::string_view> data{"20"};
  for (int level = 0; level < 13; ++level) {
    type += "[]";
    data.insert(data.end(), {"2", "40", "40"});
  }
  bytes encoded;
  for (const auto word : data) append(encoded, words({word}));
  append(encoded, words({"1", "1"}));
  const auto values = decode_abi(type_of(type + ")"), encoded);
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().message, "Invalid ABI data: values share too many bytes");
}

TEST(abi, values_that_do_not_fit_their_types_are_not_encoded) {
  const auto refused = [](std::string_view type, abi_value value) {
    return !encode_abi(type_of(type), {std::move(value)});
  };
  EXPECT_TRUE(refused("(uint8)", abi_value{integer{256}}));
  EXPECT_TRUE(refused("(uint8)", abi_value{integer{-1}}));
  EXPECT_TRUE(refused("(uint8)", abi_value{"1"}));
  EXPECT_TRUE(refused("(int8)", abi_value{integer{128}}));
  EXPECT_TRUE(refused("(int8)", abi_value{integer{-129}}));
  EXPECT_TRUE(refused("(bool)", abi_value{integer{2}}));
  EXPECT_TRUE(refused("(address)", abi_value{bytes_view{bytes(19)}}));
  EXPECT_TRUE(refused("(bytes4)", abi_value{"abc"}));
  EXPECT_TRUE(refused("(bytes)", abi_value{integer{1}}));
  EXPECT_TRUE(refused("(string)", abi_value{"\xff"}));
  EXPECT_TRUE(refused("(bool[2])", abi_value{abi_values(3)}));
  EXPECT_TRUE(refused("(bool[])", abi_value{integer{1}}));
  EXPECT_TRUE(refused("((bool,bool))", abi_value{abi_values(1)}));
  EXPECT_FALSE(encode_abi(type_of("(bool,bool)"), {abi_value{}}));
}

abi_type random_type(std::mt19937_64& random, int depth) {
  abi_type out;
  out.kind = static_cast<abi_kind>(random() % (depth > 0 ? 9 : 7));
  switch (out.kind) {
    case abi_kind::uint:
    case abi_kind::sint: out.size = 8 * (1 + random() % 32); break;
    case abi_kind::fixed_bytes: out.size = 1 + random() % 32; break;
    case abi_kind::array:
      out.size = random() % 4;
      out.parts.push_back(random_type(random, depth - 1));
      break;
    case abi_kind::tuple:
      for (std::uint64_t i = 1 + random() % 3; i > 0; --i) out.parts.push_back(random_type(random, depth - 1));
      break;
    default: break;
  }
  return out;
}

bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  bytes out(size);
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

abi_value random_value(std::mt19937_64& random, const abi_type& type) {
  switch (type.kind) {
    case abi_kind::boolean: return abi_value{integer{random() % 2}};
    case abi_kind::uint: return abi_value{from_big_endian(random_bytes(random, type.size / 8))};
    case abi_kind::sint:
      return abi_value{integer{from_big_endian(random_bytes(random, type.size / 8)) - (integer{1} << (type.size - 1))}};
    case abi_kind::address: return abi_value{bytes_view{random_bytes(random, 20)}};
    case abi_kind::fixed_bytes: return abi_value{bytes_view{random_bytes(random, type.size)}};
    case abi_kind::bytes: return abi_value{bytes_view{random_bytes(random, random() % 70)}};
    case abi_kind::string: return abi_value{std::string(random() % 70, 'a')};
    default: break;
  }
  abi_values items;
  const std::size_t count = type.kind == abi_kind::tuple ? type.parts.size()
                            : type.size != 0             ? type.size
                                                         : random() % 4;
  for (std::size_t i = 0; i < count; ++i) {
    items.push_back(random_value(random, type.parts[type.kind == abi_kind::tuple ? i : 0]));
  }
  return abi_value{items};
}

TEST(abi, random_values_of_random_types_come_back) {
  std::mt19937_64 random{31};
  for (int round = 0; round < 1500; ++round) {
    const abi_type one = random_type(random, 3);
    ASSERT_EQ(parse_abi_type(one.text()).value().text(), one.text());
    const abi_type type{.kind = abi_kind::tuple, .parts = {one}};
    const abi_values values{random_value(random, one)};
    auto encoded = encode_abi(type, values);
    ASSERT_TRUE(encoded) << one.text();
    ASSERT_EQ(encoded->size() % 32, 0u);
    const auto decoded = decode_abi(type, *encoded);
    ASSERT_TRUE(decoded) << one.text() << " " << decoded.error().message;
    ASSERT_EQ(*decoded, values) << one.text();
    encoded->pop_back();
    EXPECT_FALSE(decode_abi(type, *encoded)) << one.text();
  }
}

}  // namespace
}  // namespace quorate::chain
