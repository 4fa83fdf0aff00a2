// SPDX-License-Identifier: MIT
#include "engine/python/vm/effects.hpp"

#include <gtest/gtest.h>

#include "chain/contract_slots.hpp"

namespace quorate::engine::python {
namespace {

using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::integer;

calldata_value change(const slot_id& slot, std::uint32_t page, std::size_t size = page_size) {
  bytes key{slot.begin(), slot.end()};
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<std::uint8_t>(page >> shift));
  calldata_array out;
  out.emplace_back(key);
  out.emplace_back(bytes(size));
  return calldata_value{out};
}

calldata_value message(integer value) {
  calldata_map out;
  out.emplace("type", "PostMessage");
  out.emplace("address", chain::address20{});
  out.emplace("calldata", calldata_value{});
  out.emplace("value", std::move(value));
  out.emplace("on", "finalized");
  return calldata_value{out};
}

run_report returned() {
  run_report out;
  out.kind = result_kind::returned;
  return out;
}

struct effects : testing::Test {
  std::string refused(const run_report& report) {
    const auto fine = check_effects(report, allowed);
    return fine ? "" : fine.error().message;
  }
  allowance allowed{{}, 100, {chain::locked_slot()}};
  slot_id slot{};
};

TEST_F(effects, what_a_run_may_do_passes) {
  auto report = returned();
  report.storage = {change(slot, 0, 64), change(slot, 2), change(slot, (1u << 27) - 1)};
  report.emissions = {message(60), message(40)};
  EXPECT_EQ(refused(report), "");
}

TEST_F(effects, storage_is_whole_pages_in_order_without_overlap) {
  for (const auto& storage :
       {calldata_array{change(slot, 0, 33)}, calldata_array{change(slot, 0, 0)},
        calldata_array{change(slot, 1), change(slot, 0)}, calldata_array{change(slot, 0, 64), change(slot, 1)},
        calldata_array{change(slot, (1u << 27) - 1, 64)}, calldata_array{calldata_value{"x"}}}) {
    auto report = returned();
    report.storage = storage;
    EXPECT_NE(refused(report), "");
  }
}

TEST_F(effects, locked_slots_stay_as_they_are) {
  auto report = returned();
  report.storage = {change(chain::locked_slot(), 0)};
  EXPECT_EQ(refused(report), "a run cannot change a locked slot");
}

TEST_F(effects, nobody_sends_what_is_not_there) {
  auto report = returned();
  report.emissions = {message(60), message(41)};
  EXPECT_EQ(refused(report), "a run cannot send more than there is");
  report.emissions = {message(-1)};
  EXPECT_EQ(refused(report), "a run cannot send less than nothing");
  report.emissions = {calldata_value{calldata_map{}}};
  EXPECT_EQ(refused(report), "a run cannot send what is no message");
}

TEST_F(effects, a_view_changes_and_sends_nothing) {
  allowed.may.write = allowed.may.send = allowed.may.nondet = false;
  auto report = returned();
  report.storage = {change(slot, 0)};
  EXPECT_EQ(refused(report), "a run cannot write here");
  report.storage.clear();
  report.emissions = {message(0)};
  EXPECT_EQ(refused(report), "a run cannot send here");
  report.emissions.clear();
  report.nondet_results = {calldata_value{bytes{0}}};
  EXPECT_EQ(refused(report), "a run cannot be non-deterministic here");
}

TEST_F(effects, a_failed_run_has_none) {
  auto report = run_report::vm_error("timeout");
  report.emissions = {message(0)};
  EXPECT_EQ(refused(report), "a run cannot fail and have effects");
}

}  // namespace
}  // namespace quorate::engine::python
