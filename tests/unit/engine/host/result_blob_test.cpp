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

bytes blob_of(result_kind kind, calldata_map fields) {
  bytes out{static_cast<std::uint8_t>(kind)};
  const auto encoded = chain::encode_calldata(calldata_value{std::move(fields)});
  out.insert(out.end(), encoded->begin(), encoded->end());
  return out;
}

calldata_value change_of(std::uint8_t slot, std::uint32_t page, std::size_t size) {
  bytes key(32, slot);
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<std::uint8_t>(page >> shift));
  calldata_array entry;
  entry.emplace_back(std::move(key));
  entry.emplace_back(bytes(size, 0xab));
  return calldata_value{std::move(entry)};
}

result<run_result> with_changes(calldata_array changes) {
  calldata_map fields;
  fields.emplace("data", calldata_value{});
  fields.emplace("storage_changes", calldata_value{std::move(changes)});
  return decode_result(blob_of(result_kind::returned, std::move(fields)));
}

calldata_map message_fields() {
  calldata_map out;
  out.emplace("type", calldata_value{"PostMessage"});
  out.emplace("address", calldata_value{chain::address20{1}});
  out.emplace("calldata", calldata_value{calldata_map{}});
  out.emplace("value", calldata_value{chain::integer{5}});
  out.emplace("on", calldata_value{"accepted"});
  return out;
}

result<run_result> with_emission(calldata_map emission) {
  calldata_array list;
  list.emplace_back(std::move(emission));
  calldata_map fields;
  fields.emplace("emissions", calldata_value{std::move(list)});
  return decode_result(blob_of(result_kind::returned, std::move(fields)));
}

TEST(result_of_a_run, pages_become_offsets) {
  const auto read = with_changes({change_of(1, 0, 32), change_of(1, 1, 64), change_of(2, 0x0102, 32)});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->storage.size(), 3u);
  EXPECT_EQ(read->storage[1].offset, 32u);
  EXPECT_EQ(read->storage[1].data.size(), 64u);
  EXPECT_EQ(read->storage[2].offset, 0x0102u * 32);
}

TEST(result_of_a_run, changes_are_whole_pages_in_order) {
  EXPECT_FALSE(with_changes({change_of(1, 0, 31)}));
  EXPECT_FALSE(with_changes({change_of(1, 0, 0)}));
  EXPECT_FALSE(with_changes({change_of(2, 0, 32), change_of(1, 0, 32)}));
  EXPECT_FALSE(with_changes({change_of(1, 1, 32), change_of(1, 0, 32)}));
  EXPECT_FALSE(with_changes({change_of(1, 0, 32), change_of(1, 0, 32)}));
  EXPECT_FALSE(with_changes({change_of(1, 0, 64), change_of(1, 1, 32)}));  // one page twice
  EXPECT_FALSE(with_changes({change_of(1, 0xffffffff, 32)}));
  EXPECT_FALSE(with_changes({calldata_value{"x"}}));
}

TEST(result_of_a_run, a_page_far_out_does_not_fill_memory_with_zeros) {
  const auto far = with_changes({change_of(1, (1u << 27) - 1, 32)});
  ASSERT_TRUE(far);
  EXPECT_EQ(far->kind, result_kind::vm_error);
  EXPECT_EQ(far->message(), "OOM storage");
  EXPECT_TRUE(far->storage.empty());
  // Nor do many slots, each of them short enough.
  calldata_array many;
  for (std::uint8_t slot = 1; slot < 10; ++slot) many.push_back(change_of(slot, (8 << 20) / 32, 32));
  EXPECT_EQ(with_changes(many)->message(), "OOM storage");
  many.resize(2);
  EXPECT_TRUE(with_changes(many)->is_returned());
}

TEST(result_of_a_run, only_what_returned_has_effects) {
  calldata_map fields;
  fields.emplace("data", calldata_value{"no"});
  fields.emplace("storage_changes", calldata_value{calldata_array{change_of(1, 0, 32)}});
  const auto read = decode_result(blob_of(result_kind::user_error, std::move(fields)));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->storage.empty());
  EXPECT_EQ(read->receipt(), (bytes{1, 'n', 'o'}));
}

TEST(result_of_a_run, an_error_has_text_or_a_mapping) {
  EXPECT_FALSE(decode_result(blob_of(result_kind::vm_error, {})));
  calldata_map said;
  said.emplace("message", calldata_value{"broken"});
  calldata_map fields;
  fields.emplace("data", calldata_value{std::move(said)});
  const auto read = decode_result(blob_of(result_kind::internal_error, std::move(fields)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->message(), "broken");
  EXPECT_FALSE(decode_result(bytes{}));
  EXPECT_FALSE(decode_result(bytes{4, 6}));
  EXPECT_FALSE(decode_result(bytes{0, 0xff}));
}

TEST(result_of_a_run, messages_have_what_becomes_of_them) {
  EXPECT_TRUE(with_emission(message_fields()));
  for (const char* name : {"type", "address", "calldata", "on"}) {
    auto fields = message_fields();
    fields.erase(name);
    EXPECT_FALSE(with_emission(std::move(fields))) << name;
  }
  auto odd = message_fields();
  odd["on"] = calldata_value{"someday"};
  EXPECT_FALSE(with_emission(odd));
  odd = message_fields();
  odd["value"] = calldata_value{chain::integer{-1}};
  EXPECT_FALSE(with_emission(odd));
  odd["type"] = calldata_value{"Whatever"};
  EXPECT_FALSE(with_emission(odd));
}

TEST(result_of_a_run, deployments_sends_and_events_are_checked_too) {
  auto deployment = message_fields();
  deployment.erase("address");
  deployment["type"] = calldata_value{"DeployContract"};
  EXPECT_FALSE(with_emission(deployment));
  deployment.emplace("code", calldata_value{bytes{1}});
  deployment.emplace("salt_nonce", calldata_value{chain::integer{0}});
  EXPECT_TRUE(with_emission(deployment));
  calldata_map sent;
  sent.emplace("type", calldata_value{"EthSend"});
  EXPECT_FALSE(with_emission(sent));
  sent.emplace("address", calldata_value{chain::address20{}});
  EXPECT_TRUE(with_emission(sent));
  calldata_map event;
  event.emplace("type", calldata_value{"EmitEvent"});
  EXPECT_TRUE(with_emission(event));  // ignored
}

TEST(status_of_a_run, comes_as_numbers_or_base64) {
  calldata_map fields;
  fields.emplace("data", calldata_value{"x"});
  const auto blob = blob_of(result_kind::returned, fields);
  const auto numbers = decode_status({{"consumed_result", blob}, {"stdout", "o"}, {"stderr", "e"}});
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->data, calldata_value{"x"});
  EXPECT_EQ(numbers->standard_output, "o");
  EXPECT_EQ(numbers->standard_error, "e");
  const auto text = decode_status({{"consumed_result", chain::to_base64(blob)}});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->data, calldata_value{"x"});
  EXPECT_FALSE(decode_status({{"consumed_result", "?"}}));
  EXPECT_FALSE(decode_status({{"consumed_result", json::array({0, 256})}}));
  EXPECT_FALSE(decode_status({{"consumed_result", json::array({-1})}}));
  EXPECT_FALSE(decode_status(json::array()));
}

TEST(status_of_a_run, without_a_result_is_an_internal_error) {
  for (const json& status : {json{{"consumed_result", nullptr}, {"stderr", "e"}}, json{{"stderr", "e"}}}) {
    const auto read = decode_status(status);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, result_kind::internal_error);
    EXPECT_EQ(read->message(), "no_result");
    EXPECT_EQ(read->standard_error, "e");
  }
}

}  // namespace
}  // namespace quorate::engine::host
