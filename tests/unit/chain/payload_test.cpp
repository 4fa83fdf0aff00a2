// SPDX-License-Identifier: MIT
#include "chain/payload.hpp"

#include <gtest/gtest.h>

#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

TEST(payload, reads_and_calls_agree_with_the_vectors) {
  const json all = tests::vectors("gen_call");
  ASSERT_GE(all.at("decoding").size(), 21u);
  for (const json& v : all.at("decoding")) {
    SCOPED_TRACE(v.at("id").get<std::string>());
    const auto type = v.at("type").get<std::string>();
    const auto data = v.at("data").get<std::string>();
    result<call_payload> got;
    if (type == "read") {
      got = decode_read_data(data).map([](bytes calldata) { return call_payload{.calldata = std::move(calldata)}; });
    } else {
      got = type == "deploy" ? decode_deploy_payload(unhex(data)) : decode_run_payload(unhex(data));
    }
    if (v.at("expected_calldata").is_null()) {
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error().code, errc::invalid_params);
      continue;
    }
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(to_hex_0x(got->calldata), v.at("expected_calldata"));
    if (v.contains("expected_code")) {
      EXPECT_EQ(to_hex_0x(got->code), v.at("expected_code"));
    }
    const json& upstream = v.at("upstream");
    if (upstream.contains("execution_mode")) {
      EXPECT_EQ(to_string(got->mode), upstream.at("execution_mode"));
    }
  }
}

TEST(payload, flags_name_a_mode_or_the_normal_one) {
  const auto mode = [](std::string_view flag) {
    return decode_run_payload(unhex(flag.size() == 2 ? "c206" + std::string{flag} : std::string{flag}));
  };
  EXPECT_EQ(mode("80")->mode, execution_mode::normal);
  EXPECT_EQ(mode("00")->mode, execution_mode::normal);
  EXPECT_EQ(mode("01")->mode, execution_mode::leader_only);
  EXPECT_EQ(mode("02")->mode, execution_mode::leader_self_validator);
  EXPECT_EQ(mode("03")->mode, execution_mode::normal);
  EXPECT_EQ(mode("c0")->mode, execution_mode::normal);
  EXPECT_EQ(mode("c406820100")->mode, execution_mode::normal);
  EXPECT_FALSE(mode("c406820001"));
  EXPECT_FALSE(mode("c306c106")) << "a list that is not empty";
  EXPECT_FALSE(mode("c2c006")) << "calldata that is a list";
}

TEST(payload, what_is_encoded_comes_back) {
  const bytes code = unhex("00ff"), calldata = unhex("06");
  for (const bool leader_only : {false, true}) {
    const auto mode = leader_only ? execution_mode::leader_only : execution_mode::normal;
    const auto run = decode_run_payload(encode_run_payload(calldata, leader_only));
    EXPECT_EQ(run->calldata, calldata);
    EXPECT_EQ(run->mode, mode);
    const auto deploy = decode_deploy_payload(encode_deploy_payload(code, calldata, leader_only));
    EXPECT_EQ(deploy->code, code);
    EXPECT_EQ(deploy->calldata, calldata);
    EXPECT_EQ(deploy->mode, mode);
  }
}

}  // namespace
}  // namespace quorate::chain
