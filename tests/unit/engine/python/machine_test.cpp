// SPDX-License-Identifier: MIT
#include "engine/python/vm/machine.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::python {
namespace {

using chain::address20;
using chain::bytes;
using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::integer;

/// What a process would end with.
struct run_ended {
  run_report report;
};

/// A chain whose storage is all sevens.
class test_surroundings final : public surroundings {
 public:
  vm_status read(const slot_id&, std::uint32_t, std::span<std::uint8_t> out) override {
    std::ranges::fill(out, 7);
    return {};
  }
  vm_result<integer> balance(const address20& account) override { return integer{account[0]}; }
  vm_result<run_report> call_contract(const run_message& message, const permissions& may, storage_mode) override {
    callee = message;
    callee_may = may;
    return called;
  }
  vm_result<bytes> ask_module(chain::bytes_view request) override {
    asked.assign(request.begin(), request.end());
    return bytes{8};
  }
  void trace(std::string_view line) override { lines.emplace_back(line); }
  run_report fork(const std::function<void()>& body) override {
    try {
      body();
    } catch (const run_ended& end) {
      return end.report;
    }
    return run_report::vm_error("exit_code 1");
  }
  run_report run_nested(entry_kind, const bytes&, const bytes*) override { return nested; }

  std::optional<run_message> callee;
  permissions callee_may{};
  run_report called, nested;
  bytes asked;
  std::vector<std::string> lines;

 protected:
  [[noreturn]] void finish(const run_report& report) override { throw run_ended{report}; }
};

run_message message() {
  calldata_map map;
  for (const char* name : {"contract_address", "sender_address", "origin_address"}) map.emplace(name, address20{1});
  map.emplace("chain_id", integer{1});
  return run_message::from_request(map, bytes{}, "2024-11-26T06:42:42Z").value();
}

template <class T>
bytes request(const char* kind, T payload) {
  calldata_map out;
  out.emplace(kind, calldata_value{std::move(payload)});
  return chain::encode_calldata(calldata_value{std::move(out)}).value();
}

calldata_map transfer(integer value) {
  calldata_map out;
  out.emplace("address", address20{9});
  out.emplace("calldata", calldata_map{});
  out.emplace("value", std::move(value));
  out.emplace("on", "accepted");
  return out;
}

class machine_test : public ::testing::Test {
 protected:
  machine_settings settings() {
    machine_settings out{message()};
    out.balance = 100;
    return out;
  }
  machine& start(machine_settings with) {
    made_.emplace(std::move(with), outside);
    return *made_;
  }
  machine& start() { return start(settings()); }

  template <class T>
  vm_errno refused(const char* kind, T payload) {
    const auto got = made_->gl_call(request(kind, std::move(payload)));
    return got ? vm_errno{0} : got.error();
  }
  template <class T>
  run_report end(const char* kind, T payload) {
    try {
      EXPECT_FALSE(made_->gl_call(request(kind, std::move(payload))));
    } catch (const run_ended& ended) {
      return ended.report;
    }
    ADD_FAILURE() << "the run goes on";
    return {};
  }

  test_surroundings outside;
  const bytes slot = bytes(32, 1);

 private:
  std::optional<machine> made_;
};

TEST_F(machine_test, reads_what_is_there_and_what_it_wrote) {
  auto& run = start();
  bytes out(4);
  ASSERT_TRUE(run.storage_read(slot, 0, out));
  EXPECT_EQ(out, bytes(4, 7));
  ASSERT_TRUE(run.storage_write(slot, 1, bytes{1, 2}));
  ASSERT_TRUE(run.storage_read(slot, 0, out));
  EXPECT_EQ(out, (bytes{7, 1, 2, 7}));
}

TEST_F(machine_test, refuses_slots_and_ranges_that_are_none) {
  auto& run = start();
  bytes out(4);
  EXPECT_EQ(run.storage_read(bytes(31), 0, out).error(), vm_errno::inval);
  EXPECT_EQ(run.storage_read(slot, slot_size - 3, out).error(), vm_errno::overflow);
  EXPECT_EQ(run.storage_write(slot, slot_size, bytes{1}).error(), vm_errno::overflow);
  EXPECT_TRUE(run.storage_write(slot, slot_size - 1, bytes{1}));
  EXPECT_EQ(run.balance(bytes(19)).error(), vm_errno::inval);
}

TEST_F(machine_test, keeps_to_what_a_run_may) {
  auto with = settings();
  with.may = {true, false, false, false, false, false};
  auto& run = start(std::move(with));
  bytes out(1);
  EXPECT_EQ(run.storage_read(slot, 0, out).error(), vm_errno::forbidden);
  EXPECT_EQ(run.storage_write(slot, 0, out).error(), vm_errno::forbidden);
  EXPECT_EQ(refused("PostMessage", transfer(1)), vm_errno::forbidden);
  EXPECT_EQ(run.self_balance(), integer{100});
}

TEST_F(machine_test, writes_no_locked_slot_but_its_own_code) {
  auto with = settings();
  slot_id locked;
  locked.fill(1);
  with.locked = {locked};
  auto& run = start(std::move(with));
  EXPECT_EQ(run.storage_write(slot, 0, bytes{1}).error(), vm_errno::forbidden);
  EXPECT_TRUE(run.storage_write(bytes(32, 2), 0, bytes{1}));
  EXPECT_TRUE(run.place_code(bytes{1, 2, 3}));
}

TEST_F(machine_test, sends_no_more_than_it_has) {
  auto& run = start();
  EXPECT_EQ(refused("PostMessage", transfer(101)), vm_errno::inbalance);
  EXPECT_TRUE(run.gl_call(request("PostMessage", transfer(60))));
  EXPECT_EQ(run.self_balance(), integer{40});
  EXPECT_EQ(refused("PostMessage", transfer(41)), vm_errno::inbalance);
  EXPECT_EQ(refused("PostMessage", transfer(-1)), vm_errno::overflow);
  const auto report = end("Return", calldata_value{integer{5}});
  ASSERT_EQ(report.emissions.size(), 1u);
  EXPECT_EQ(std::get<calldata_map>(report.emissions[0].held).at("value"), calldata_value{integer{60}});
}

TEST_F(machine_test, takes_requests_that_are_whole) {
  auto& run = start();
  for (const auto& rubbish : {bytes{}, bytes{0xff}, chain::encode_calldata(calldata_value{integer{1}}).value(),
                              chain::encode_calldata(calldata_value{calldata_map{}}).value()})
    EXPECT_EQ(run.gl_call(rubbish).error(), vm_errno::inval);
  EXPECT_EQ(refused("Dream", calldata_map{}), vm_errno::inval);
  EXPECT_EQ(refused("Rollback", integer{1}), vm_errno::inval);
  EXPECT_EQ(refused("PostMessage", integer{1}), vm_errno::inval);
  for (const char* name : {"address", "calldata", "value", "on"}) {
    auto payload = transfer(1);
    payload.erase(name);
    EXPECT_EQ(refused("PostMessage", payload), vm_errno::inval) << name;
  }
  auto payload = transfer(1);
  payload.emplace("more", integer{1});
  EXPECT_EQ(refused("PostMessage", payload), vm_errno::inval);
}

TEST_F(machine_test, keeps_nothing_of_a_run_that_is_rolled_back) {
  auto& run = start();
  ASSERT_TRUE(run.storage_write(slot, 0, bytes{1}));
  ASSERT_TRUE(run.gl_call(request("PostMessage", transfer(1))));
  const auto report = end("Rollback", "no");
  EXPECT_EQ(report.kind, result_kind::user_error);
  EXPECT_EQ(report.data, (bytes{'n', 'o'}));
  EXPECT_TRUE(report.storage.empty());
  EXPECT_TRUE(report.emissions.empty());
}

TEST_F(machine_test, returns_with_the_pages_that_differ) {
  auto& run = start();
  ASSERT_TRUE(run.storage_write(slot, 0, bytes{7}));  // as it was
  ASSERT_TRUE(run.storage_write(bytes(32, 2), 40, bytes{1}));
  const auto report = end("Return", calldata_value{});
  EXPECT_EQ(report.kind, result_kind::returned);
  ASSERT_EQ(report.storage.size(), 1u);
  const auto& change = std::get<calldata_array>(report.storage[0].held);
  bytes key(32, 2);
  key.insert(key.end(), {0, 0, 0, 1});
  EXPECT_EQ(change.at(0), calldata_value{key});
}

TEST_F(machine_test, calls_a_contract_as_a_view) {
  auto& run = start();
  outside.called.kind = result_kind::returned;
  outside.called.data = chain::encode_calldata(calldata_value{integer{3}}).value();
  calldata_map payload;
  payload.emplace("address", address20{9});
  payload.emplace("calldata", calldata_map{});
  payload.emplace("state", "latest_final");
  const auto got = run.gl_call(request("CallContract", payload));
  ASSERT_TRUE(got) << text_of(got.error());
  EXPECT_EQ(**got, outside.called.result());
  ASSERT_TRUE(outside.callee);
  EXPECT_EQ(outside.callee->contract(), address20{9});
  EXPECT_EQ(outside.callee->depth(), 1u);
  EXPECT_EQ(outside.callee_may, permissions{}.for_callee());
}

TEST_F(machine_test, traces_its_requests_when_it_is_debugged) {
  start().gl_call(request("PostMessage", transfer(1)));
  EXPECT_TRUE(outside.lines.empty());
  auto with = settings();
  with.debug = true;
  auto& run = start(std::move(with));
  const auto asked = request("PostMessage", transfer(1));
  ASSERT_TRUE(run.gl_call(asked));
  EXPECT_EQ(outside.lines, (std::vector<std::string>{"gl_call " + chain::to_hex(asked)}));
  end("Return", calldata_value{});
  EXPECT_EQ(outside.lines.size(), 1u);
}

}  // namespace
}  // namespace quorate::engine::python
