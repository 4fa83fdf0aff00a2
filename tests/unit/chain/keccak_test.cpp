// SPDX-License-Identifier: MIT
#include "chain/keccak.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "chain/json.hpp"
#include "tests/common/paths.hpp"

namespace quorate::chain {
namespace {

json vectors() { return json::parse(std::ifstream{tests::data_file("vectors/keccak.json")}); }

TEST(keccak, every_vector) {
  std::size_t count = 0;
  const json all = vectors();
  for (const json& v : all.at("vectors")) {
    const auto input = from_hex(v.at("input_hex").get<std::string>());
    ASSERT_TRUE(input);
    EXPECT_EQ(to_hex_0x(keccak256(*input)), v.at("keccak256").get<std::string>()) << v.at("id");
    ++count;
  }
  EXPECT_GT(count, 30u);
}

TEST(keccak, packed_vote_hashes) {
  const json all = vectors();
  for (const json& v : all.at("packed")) {
    EXPECT_EQ(to_hex_0x(keccak256(*from_hex(v.at("packed_hex").get<std::string>()))), v.at("hash").get<std::string>());
  }
}

TEST(keccak, nist_sha3_is_another_function) {
  const json v = vectors().at("nist_sha3_256_used_once");
  EXPECT_EQ(to_hex(sha3_256(*from_hex(v.at("input_hex").get<std::string>()))), v.at("sha3_256").get<std::string>());
}

TEST(keccak, sha256_of_abc) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace quorate::chain
