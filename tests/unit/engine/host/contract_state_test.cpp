// SPDX-License-Identifier: MIT
#include "engine/host/contract_state.hpp"

#include <gtest/gtest.h>

#include "chain/base64.hpp"

namespace quorate::engine::host {
namespace {

using chain::bytes;
using chain::json;

chain::word256 slot(std::uint8_t last) {
  chain::word256 out{};
  out.back() = last;
  return out;
}

json slots(std::uint8_t last, const bytes& content) {
  return {{chain::to_base64(slot(last)), chain::to_base64(content)}};
}

bytes read(const contract_state& state, std::uint8_t last, std::uint32_t offset, std::size_t size) {
  bytes out(size, 0xcc);
  state.read(slot(last), offset, out);
  return out;
}

TEST(contract_state, what_is_beyond_the_end_is_zero) {
  const auto state = contract_state::from_json(slots(1, {1, 2, 3})).value();
  EXPECT_EQ(read(state, 1, 1, 4), (bytes{2, 3, 0, 0}));
  EXPECT_EQ(read(state, 1, 100, 2), bytes(2));
  EXPECT_EQ(read(state, 2, 0, 2), bytes(2));
}

TEST(contract_state, rows_have_two_states_and_old_ones_a_single) {
  const json row{{"state", {{"accepted", slots(1, {1})}, {"finalized", slots(1, {2})}}}};
  EXPECT_EQ(read(*contract_state::from_row(row, false), 1, 0, 1), bytes{1});
  EXPECT_EQ(read(*contract_state::from_row(row, true), 1, 0, 1), bytes{2});
  const json old{{"state", slots(1, {3})}};
  EXPECT_EQ(read(*contract_state::from_row(old, false), 1, 0, 1), bytes{3});
  EXPECT_EQ(read(*contract_state::from_row(old, true), 1, 0, 1), bytes{0});
  EXPECT_EQ(contract_state::from_row(json::object(), false)->to_json(), json::object());
}

TEST(contract_state, damaged_rows_are_errors) {
  for (const json& wrong :
       {json{{"x", "AA=="}}, json{{chain::to_base64(slot(1)), 5}}, json{{chain::to_base64(slot(1)), "?"}}, json("x")}) {
    EXPECT_FALSE(contract_state::from_json(wrong)) << wrong;
  }
}

TEST(contract_state, changes_are_applied_and_slots_grow) {
  contract_state state;
  state.apply({{slot(1), 32, bytes(32, 5)}, {slot(2), 0, bytes(32, 6)}});
  EXPECT_EQ(read(state, 1, 31, 3), (bytes{0, 5, 5}));
  EXPECT_EQ(chain::from_base64(state.to_json().at(chain::to_base64(slot(1))).get<std::string>())->size(), 64u);
}

TEST(contract_state, has_its_code_in_the_slot_that_all_have) {
  contract_state state;
  EXPECT_TRUE(state.code().empty());
  const bytes code(100, 'x');
  state.set_code(code);
  EXPECT_EQ(state.code(), code);
  EXPECT_TRUE(state.to_json().contains("4a4jQSeS32tqmPt8mDlwH7iwK2/H7QIoEPeDRklGhec="));
  // A length that is longer than what is there.
  const auto cut = contract_state::from_json(
      {{"4a4jQSeS32tqmPt8mDlwH7iwK2/H7QIoEPeDRklGhec=", chain::to_base64(bytes{200, 0, 0, 0, 1})}});
  EXPECT_TRUE(cut->code().empty());
}

/// genvm.md §1.3: of the JSON with sorted keys and no spaces.
TEST(contract_state, hash_is_that_of_the_text) {
  EXPECT_EQ(contract_state{}.hash(),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");  // sha256("{}")
}

}  // namespace
}  // namespace quorate::engine::host
