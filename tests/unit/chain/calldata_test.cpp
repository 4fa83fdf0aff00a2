// SPDX-License-Identifier: MIT
#include "chain/calldata.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

address20 address_in(const json& text) {
  address20 out{};
  const bytes data = unhex(text);
  std::copy_n(data.begin(), out.size(), out.begin());
  return out;
}

/// The vectors' notation: {"type": …, "value": …}.
calldata_value value_in(const json& tagged) {
  const auto type = tagged.at("type").get<std::string>();
  if (type == "null") return {};
  const json& value = tagged.at("value");
  if (type == "bool") return calldata_value{value.get<bool>()};
  if (type == "int") return calldata_value{integer{value.get<std::string>()}};
  if (type == "str") return calldata_value{value.get<std::string>()};
  if (type == "bytes") return calldata_value{unhex(value)};
  if (type == "address") return calldata_value{address_in(value)};
  if (type == "array") {
    calldata_array out;
    for (const json& entry : value) out.push_back(value_in(entry));
    return calldata_value{out};
  }
  EXPECT_EQ(type, "map");
  calldata_map out;
  for (const json& entry : value) out.emplace(entry.at(0).get<std::string>(), value_in(entry.at(1)));
  return calldata_value{out};
}

TEST(calldata, agrees_with_the_valid_vectors) {
  const json all = tests::vectors("calldata");
  ASSERT_GE(all.at("valid").size(), 74u);
  for (const json& v : all.at("valid")) {
    SCOPED_TRACE(v.at("id").get<std::string>());
    const bytes encoded = unhex(v.at("hex"));
    const auto value = decode_calldata(encoded);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(*value, value_in(v.at("value")));
    EXPECT_EQ(encode_calldata(*value).value(), encoded);
    EXPECT_EQ(calldata_text(*value), v.at("to_str"));
    json shown = calldata_to_json(*value);
    make_json_safe(shown);
    EXPECT_EQ(shown, v.at("client_read_result"));
  }
}

TEST(calldata, refuses_the_invalid_vectors) {
  const json all = tests::vectors("calldata");
  ASSERT_GE(all.at("invalid").size(), 25u);
  for (const json& v : all.at("invalid")) {
    const auto value = decode_calldata(unhex(v.at("hex")));
    ASSERT_FALSE(value) << v.at("id");
    EXPECT_EQ(value.error().code, errc::invalid_params);
    EXPECT_TRUE(value.error().message.starts_with("Invalid calldata: "));
  }
  EXPECT_FALSE(decode_calldata({}));
}

TEST(calldata, calls_are_maps_without_what_is_empty) {
  const json all = tests::vectors("calldata");
  EXPECT_EQ(to_hex(encode_calldata(make_call("", {})).value()), "06");
  EXPECT_EQ(to_hex(encode_calldata(make_call("get", {})).value()), "0e066d6574686f641c676574");
  const auto call = make_call("f", {calldata_value{integer{1}}}, {{"k", calldata_value{true}}});
  EXPECT_EQ(calldata_text(call), R"({"args":[1],"kwargs":{"k":true},"method":"f"})");
}

TEST(calldata, nesting_is_bounded_both_ways) {
  const auto nested = [](std::size_t levels) {
    calldata_value out;
    for (; levels > 0; --levels) {
      calldata_array around;
      around.push_back(std::move(out));
      out = calldata_value{std::move(around)};
    }
    return out;
  };
  bytes encoded(calldata_nesting, 0x0d);
  encoded.push_back(0);
  EXPECT_EQ(decode_calldata(encoded).value(), nested(calldata_nesting));
  EXPECT_EQ(encode_calldata(nested(calldata_nesting)).value(), encoded);
  EXPECT_EQ(calldata_from_json(calldata_to_json(nested(calldata_nesting))).value(), nested(calldata_nesting));
  encoded.insert(encoded.begin(), 0x0d);
  EXPECT_EQ(decode_calldata(encoded).error().message, "Invalid calldata: nested too deeply");
  EXPECT_FALSE(encode_calldata(nested(calldata_nesting + 1)));
  EXPECT_FALSE(calldata_from_json(calldata_to_json(nested(calldata_nesting + 1))));
  bytes maps;
  for (std::size_t level = 0; level <= calldata_nesting; ++level) append(maps, bytes{0x0e, 0x00});
  maps.push_back(0);
  EXPECT_EQ(decode_calldata(maps).error().message, "Invalid calldata: nested too deeply");
}

TEST(calldata, announced_counts_take_no_memory) {
  for (const char* hex : {"fdffffffffffffff7f", "feffffffffffffff7f", "fbffffffffffffff7f", "fcffffffffffffff7f",
                          "fdffffffffffffffffffffffff7f", "0effffffffffffffffff7f"}) {
    EXPECT_FALSE(decode_calldata(unhex(hex))) << hex;
  }
}

TEST(calldata, text_must_be_utf8) {
  EXPECT_FALSE(encode_calldata(calldata_value{"\xff"}));
  EXPECT_FALSE(encode_calldata(calldata_value{calldata_map{{"\xed\xa0\x80", {}}}}));
}

/// A megabyte of digits: linear to read and to write, where decimal digits would take minutes.
TEST(calldata, a_huge_number_is_shown_in_hex) {
  bytes encoded(1'000'000, 0xff);
  encoded.back() = 0x7f;
  encoded[0] = 0xf9;
  const auto value = decode_calldata(encoded);
  ASSERT_TRUE(value);
  EXPECT_EQ(encode_calldata(*value).value(), encoded);
  EXPECT_TRUE(calldata_text(*value).starts_with("0x1fff"));
  EXPECT_TRUE(calldata_to_json(*value).is_string());
  const integer largest = parse_decimal(std::string(max_integer_digits, '9')).value();
  EXPECT_TRUE(calldata_text(calldata_value{largest}).starts_with("999"));
  EXPECT_EQ(calldata_from_json(calldata_to_json(calldata_value{largest})).value(), calldata_value{largest});
  EXPECT_TRUE(calldata_text(calldata_value{integer{-largest - 1}}).starts_with("-0x"));
}

TEST(calldata, values_from_json) {
  const auto parsed = [](std::string_view text) { return calldata_from_json(parse_json(text).value()); };
  EXPECT_EQ(calldata_text(parsed(R"({"b":[1,-2,true,null,"x"],"a":123456789012345678901234567890})").value()),
            R"({"a":123456789012345678901234567890,"b":[1,-2,true,null,"x"]})");
  EXPECT_EQ(parsed("\"0x00\"").value(), calldata_value{"0x00"}) << "text stays text";
  for (const char* text : {"1.5", "1e3", "1.0", "[1.5]", R"({"a":1e400})"}) EXPECT_FALSE(parsed(text)) << text;
  EXPECT_FALSE(calldata_from_json(json(1.5)));
}

calldata_value random_value(std::mt19937_64& random, int depth) {
  const auto text = [&] {
    std::string out;
    for (auto left = random() % 20; left > 0; --left)
      out += random() % 8 == 0 ? "é" : random() % 8 == 1 ? "\xF0\x9F\x98\x80" : "k";
    return out;
  };
  switch (random() % (depth > 0 ? 8 : 6)) {
    case 0: return {};
    case 1: return calldata_value{random() % 2 == 0};
    case 2: {
      integer value = 0;
      for (auto words = random() % 5; words > 0; --words) value = (value << 64) + random();
      value >>= static_cast<unsigned>(random() % 64);
      return calldata_value{random() % 2 == 0 ? value : integer{-value}};
    }
    case 3: {
      address20 address{};
      for (auto& byte : address) byte = static_cast<std::uint8_t>(random());
      return calldata_value{address};
    }
    case 4: return calldata_value{bytes(random() % 300, static_cast<std::uint8_t>(random()))};
    case 5: return calldata_value{text()};
    case 6: {
      calldata_array out;
      for (auto left = random() % 20; left > 0; --left) out.push_back(random_value(random, depth - 1));
      return calldata_value{out};
    }
    default: {
      calldata_map out;
      for (auto left = random() % 20; left > 0; --left) out.insert_or_assign(text(), random_value(random, depth - 1));
      return calldata_value{out};
    }
  }
}

TEST(calldata, random_values_come_back_and_no_prefix_of_one_is_taken) {
  std::mt19937_64 random{43};
  for (int round = 0; round < 400; ++round) {
    const calldata_value value = random_value(random, 3);
    const bytes encoded = encode_calldata(value).value();
    ASSERT_EQ(decode_calldata(encoded).value(), value);
    ASSERT_FALSE(decode_calldata(bytes_view{encoded}.first(random() % encoded.size())));
  }
}

TEST(calldata, changed_bytes_are_refused_or_stay_canonical) {
  std::mt19937_64 random{47};
  int taken = 0;
  for (int round = 0; round < 2000; ++round) {
    bytes encoded = encode_calldata(random_value(random, 2)).value();
    encoded[random() % encoded.size()] = static_cast<std::uint8_t>(random());
    if (const auto value = decode_calldata(encoded)) {
      ASSERT_EQ(encode_calldata(*value).value(), encoded);
      ++taken;
    }
  }
  EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace quorate::chain
