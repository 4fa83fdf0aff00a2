// SPDX-License-Identifier: MIT
#include "engine/host/result_blob.hpp"

#include <gtest/gtest.h>

#include "chain/base64.hpp"

namespace quorate::engine::host {
namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::json;

bytes blob(std::uint8_t kind, calldata_map map) {
  bytes out{kind};
  const auto rest = chain::encode_calldata(calldata_value{std::move(map)}).value();
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

calldata_value change(std::uint8_t slot, std::uint8_t page, std::size_t size) {
  bytes key(36);
  key[31] = slot;
  key[35] = page;
  calldata_array out;
  out.emplace_back(key);
  out.emplace_back(bytes(size, 7));
  return calldata_value{out};
}

calldata_map with_changes(calldata_array changes) {
  calldata_map out;
  out.emplace("data", calldata_value{});
  out.emplace("storage_changes", std::move(changes));
  return out;
}

std::string why(const bytes& data) {
  const auto decoded = decode_result(data);
  return decoded ? "" : decoded.error().detail;
}

TEST(result_blob, tells_value_storage_and_messages) {
  calldata_map message;
  message.emplace("type", "EmitEvent");
  calldata_map map = with_changes({change(1, 0, 32), change(1, 1, 64), change(2, 0, 32)});
  map["data"] = calldata_value{"value"};
  map.emplace("emissions", calldata_array{calldata_value{message}});
  map.emplace("nondet_results", calldata_array{calldata_value{bytes{0, 1}}});
  const auto decoded = decode_result(blob(0, map));
  ASSERT_TRUE(decoded) << decoded.error().detail;
  EXPECT_TRUE(decoded->is_returned());
  EXPECT_EQ(decoded->data, calldata_value{"value"});
  ASSERT_EQ(decoded->storage.size(), 3u);
  EXPECT_EQ(decoded->storage[1].offset, 32u);
  EXPECT_EQ(decoded->storage[1].data.size(), 64u);
  EXPECT_EQ(decoded->emissions.size(), 1u);
  EXPECT_EQ(decoded->nondet_results, (std::vector<bytes>{{0, 1}}));
}

TEST(result_blob, storage_that_makes_no_sense_is_refused) {
  EXPECT_NE(why(blob(0, with_changes({change(1, 0, 31)}))), "");
  EXPECT_NE(why(blob(0, with_changes({change(1, 0, 0)}))), "");
  EXPECT_EQ(why(blob(0, with_changes({change(2, 0, 32), change(1, 0, 32)}))), "storage changes are out of order");
  EXPECT_EQ(why(blob(0, with_changes({change(1, 0, 64), change(1, 1, 32)}))), "storage changes are out of order");
  EXPECT_NE(why(blob(0, with_changes({calldata_value{"x"}}))), "");
  calldata_map map;
  map.emplace("storage_changes", calldata_value{"x"});
  EXPECT_EQ(why(blob(0, map)), "storage_changes has another type");
}

TEST(result_blob, only_what_returned_has_effects) {
  calldata_map map = with_changes({change(1, 0, 32)});
  map["data"] = calldata_value{"no"};
  const auto decoded = decode_result(blob(1, map));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->kind, result_kind::user_error);
  EXPECT_TRUE(decoded->storage.empty());
  EXPECT_EQ(decoded->message(), "no");
}

TEST(result_blob, an_error_has_text_or_a_mapping) {
  EXPECT_NE(why(blob(2, with_changes({}))), "");
  calldata_map details;
  details.emplace("message", "lost");
  calldata_map map;
  map.emplace("data", details);
  EXPECT_EQ(decode_result(blob(3, map))->message(), "lost");
}

TEST(result_blob, other_bytes_are_no_result) {
  EXPECT_NE(why({}), "");
  EXPECT_NE(why({4, 6}), "");
  EXPECT_NE(why({0}), "");
  EXPECT_NE(why({0, 0}), "");
}

TEST(result_status, takes_numbers_and_base64_and_knows_when_there_is_none) {
  const bytes data = blob(0, with_changes({}));
  json numbers = json::array();
  for (const auto byte : data) numbers.push_back(static_cast<int>(byte));
  for (const json& consumed : {numbers, json(chain::to_base64(data))}) {
    const auto decoded = decode_status(
        {{"stdout", "out"}, {"stderr", "err"}, {"genvm_log", json::array({1})}, {"consumed_result", consumed}});
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->is_returned());
    EXPECT_EQ(decoded->standard_output, "out");
    EXPECT_EQ(decoded->standard_error, "err");
    EXPECT_EQ(decoded->log.size(), 1u);
  }
  EXPECT_EQ(decode_status({{"consumed_result", nullptr}})->message(), "no_result");
  for (const json& wrong : {json::array({256}), json::array({-1}), json::array({"x"}), json("?"), json(5)}) {
    EXPECT_FALSE(decode_status({{"consumed_result", wrong}})) << wrong;
  }
  EXPECT_FALSE(decode_status(json::array()));
}

TEST(run_result, receipts_are_kind_and_calldata_or_text) {
  run_result returned;
  returned.kind = result_kind::returned;
  returned.data = calldata_value{"ok"};
  EXPECT_EQ(returned.receipt(), (bytes{0, 0x14, 'o', 'k'}));
  EXPECT_EQ(vm_error("OOM").receipt(), (bytes{2, 'O', 'O', 'M'}));
}

}  // namespace
}  // namespace quorate::engine::host
