// SPDX-License-Identifier: MIT
#include "engine/python/manager/request.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::python {
namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::integer;

calldata_map message() {
  calldata_map out;
  for (const char* name : {"contract_address", "sender_address", "origin_address"})
    out.emplace(name, chain::address20{1});
  out.emplace("chain_id", integer{61999});
  return out;
}

/// The least that a run needs.
calldata_map body() {
  calldata_map out;
  out.emplace("major", integer{0});
  out.emplace("message", message());
  out.emplace("calldata", bytes{4});
  out.emplace("host", "unix:///tmp/host");
  return out;
}

result<manager_request> decoded(const calldata_map& map) {
  return decode_request(chain::encode_calldata(calldata_value{map}).value());
}

/// What is said of a body in which one member is another one.
template <class T>
std::string refusal(const char* name, T value) {
  auto map = body();
  map.insert_or_assign(name, calldata_value{std::move(value)});
  const auto got = decoded(map);
  return got ? "accepted" : got.error().message;
}

TEST(engine_request, has_a_default_for_all_that_may_be_left_out) {
  const auto got = decoded(body());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->host_path, "/tmp/host");
  EXPECT_EQ(got->order.may, permissions{});
  EXPECT_EQ(got->order.message.datetime(), "2024-11-26T06:42:42.424242Z");
  EXPECT_FALSE(got->order.message.is_init());
  EXPECT_FALSE(got->order.code);
  EXPECT_FALSE(got->order.leader_results);
  EXPECT_FALSE(got->order.debug);
  EXPECT_TRUE(got->capture_output);
  EXPECT_EQ(got->most_time, std::chrono::minutes{20});
  EXPECT_EQ(got->host_data, chain::json::object());
}

TEST(engine_request, says_what_a_run_may_and_brings) {
  auto map = body();
  map.emplace("permissions", "rn");
  map.emplace("leader_nondet_results", calldata_array{calldata_value{bytes{0, 1}}, calldata_value{bytes{}}});
  map.emplace("host_data", R"({"studio_llm_id": "node-1"})");
  map.emplace("extra_args", calldata_array{calldata_value{"--other"}, calldata_value{"--debug-mode"}});
  map.emplace("capture_output", false);
  map.emplace("max_execution_minutes", integer{3});
  const auto got = decoded(map);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->order.may, (permissions{true, true, false, false, false, true}));
  EXPECT_EQ(got->order.leader_results, (std::vector<bytes>{{0, 1}, {}}));
  EXPECT_EQ(got->host_data.at("studio_llm_id"), "node-1");
  EXPECT_TRUE(got->order.debug);
  EXPECT_FALSE(got->capture_output);
  EXPECT_EQ(got->most_time, std::chrono::minutes{3});
}

TEST(engine_request, that_is_wrong_names_the_field) {
  EXPECT_EQ(refusal("major", integer{1}), "major must be 0");
  EXPECT_EQ(refusal("message", "text"), "message must be a mapping");
  EXPECT_EQ(refusal("calldata", "text"), "calldata must be bytes");
  EXPECT_EQ(refusal("permissions", "rx"), "permissions must be text of the letters r, w, s, c, n");
  EXPECT_EQ(refusal("permissions", integer{7}), "permissions must be text of the letters r, w, s, c, n");
  EXPECT_EQ(refusal("code", "text"), "code must be bytes");
  EXPECT_EQ(refusal("leader_nondet_results", calldata_array{calldata_value{1}}),
            "leader_nondet_results must be a list of bytes");
  EXPECT_EQ(refusal("host_data", "[1]"), "host_data must be the JSON text of an object");
  EXPECT_EQ(refusal("host", "http://127.0.0.1"), "host must be unix:// and a short path");
  EXPECT_EQ(refusal("host", "unix://" + std::string(101, 'a')), "host must be unix:// and a short path");
  auto of = message();
  of.insert_or_assign("value", calldata_value{integer{-1}});
  EXPECT_EQ(refusal("message", of), "message.value must be a number from 0 to 2^256-1");
  of = message();
  of.erase("sender_address");
  EXPECT_EQ(refusal("message", of), "message.sender_address must be an address");
  of = message();
  of.emplace("datetime", "yesterday");
  EXPECT_EQ(refusal("message", of), "message.datetime must be an ISO 8601 date and time");
  of = message();
  of.emplace("is_init", true);
  EXPECT_EQ(refusal("message", of), "code must be bytes: a deployment brings its code");
  EXPECT_FALSE(decode_request({}));
  EXPECT_EQ(decode_request(bytes{0}).error().message, "the body must be a mapping");
}

}  // namespace
}  // namespace quorate::engine::python
