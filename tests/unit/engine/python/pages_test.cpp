// SPDX-License-Identifier: MIT
#include "engine/python/vm/pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace quorate::engine::python {
namespace {

/// Slots of bytes in memory; beyond their ends they are zero.
class storage_in_memory : public committed_storage {
 public:
  vm_status read(const slot_id& slot, std::uint32_t offset, std::span<std::uint8_t> out) override {
    if (gone) return refuse(vm_errno::io);
    ++reads;
    const auto& held = slots[slot];
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = offset + i < held.size() ? held[offset + i] : 0;
    return {};
  }

  std::map<slot_id, chain::bytes> slots{};
  std::size_t reads = 0;
  bool gone = false;
};

slot_id slot_of(std::uint8_t last) {
  slot_id out{};
  out.back() = last;
  return out;
}

struct pages : testing::Test {
  chain::bytes read(std::uint8_t slot, std::uint64_t offset, std::size_t size) {
    chain::bytes out(size, 0xcc);
    EXPECT_TRUE(overlay.read(slot_of(slot), offset, out));
    return out;
  }
  void write(std::uint8_t slot, std::uint64_t offset, const chain::bytes& data) {
    EXPECT_TRUE(overlay.write(slot_of(slot), offset, data));
  }
  /// "slot last byte/page index: size", for each change.
  std::vector<std::string> changes() {
    std::vector<std::string> out;
    const auto list = overlay.changes();
    for (const auto& entry : *list) {
      const auto& pair = std::get<chain::calldata_array>(entry.held);
      const auto& key = std::get<chain::bytes>(pair[0].held);
      out.push_back(std::to_string(key[31]) + "/" + std::to_string(key[34] << 8 | key[35]) + ": " +
                    std::to_string(std::get<chain::bytes>(pair[1].held).size()));
    }
    return out;
  }

  storage_in_memory below{};
  page_overlay overlay{below};
};

TEST_F(pages, what_was_never_written_is_zero) { EXPECT_EQ(read(1, 5, 40), chain::bytes(40)); }

TEST_F(pages, reads_see_writes_over_what_was_there) {
  below.slots[slot_of(1)] = chain::bytes(100, 7);
  write(1, 30, {1, 2, 3, 4});
  auto expected = chain::bytes(12, 7);
  std::ranges::copy(chain::bytes{1, 2, 3, 4}, expected.begin() + 5);
  EXPECT_EQ(read(1, 25, 12), expected);
  EXPECT_EQ(read(2, 30, 4), chain::bytes(4));
}

TEST_F(pages, only_pages_that_differ_are_changes_and_neighbours_are_joined) {
  below.slots[slot_of(1)] = chain::bytes(64, 7);
  write(1, 0, {7});      // the same as before
  write(2, 31, {1, 1});  // two pages
  write(2, 64, {1});     // and the next
  write(2, 128, {1});    // not the next
  write(1, 40, {8});
  EXPECT_EQ(changes(), (std::vector<std::string>{"1/1: 32", "2/0: 96", "2/4: 32"}));
}

TEST_F(pages, what_is_written_back_is_no_change) {
  write(1, 3, {9});
  write(1, 3, {0});
  EXPECT_TRUE(changes().empty());
}

TEST_F(pages, the_last_byte_of_a_slot_can_be_used) {
  write(1, slot_size - 1, {5});
  EXPECT_EQ(read(1, slot_size - 1, 1), chain::bytes{5});
}

TEST_F(pages, storage_is_fetched_in_blocks_and_once) {
  read(1, 0, 8);
  const auto before = below.reads;
  for (int i = 0; i < 100; ++i) read(1, static_cast<std::uint64_t>(i) * 10, 10);
  EXPECT_EQ(below.reads, before);
}

TEST_F(pages, a_host_that_is_gone_is_an_error) {
  below.gone = true;
  chain::bytes out(4);
  EXPECT_EQ(overlay.read(slot_of(1), 0, out).error(), vm_errno::io);
  EXPECT_EQ(overlay.write(slot_of(1), 0, out).error(), vm_errno::io);
}

TEST_F(pages, a_run_on_top_hands_over_what_it_wrote_and_no_more) {
  write(1, 0, {1});
  page_overlay top = overlay;
  top.start_delta();
  ASSERT_TRUE(top.write(slot_of(1), 33, chain::bytes{2}));
  const auto written = top.written();
  EXPECT_EQ(written.size(), 1u);
  ASSERT_TRUE(overlay.absorb(written));
  EXPECT_EQ(read(1, 33, 1), chain::bytes{2});
  EXPECT_EQ(changes(), (std::vector<std::string>{"1/0: 64"}));
}

TEST_F(pages, nothing_is_taken_over_of_what_makes_no_sense) {
  page_overlay top = overlay;
  ASSERT_TRUE(top.write(slot_of(1), 0, chain::bytes{2}));
  auto list = top.written();
  list.emplace_back(chain::calldata_array{});
  EXPECT_EQ(overlay.absorb(list).error(), vm_errno::inval);
  EXPECT_TRUE(changes().empty());
}

/// Against plain bytes.
TEST_F(pages, random_reads_and_writes_agree_with_a_plain_array) {
  std::mt19937 random{7};
  constexpr std::size_t size = 5000;
  auto& held = below.slots[slot_of(1)];
  for (std::size_t i = 0; i < size / 2; ++i) held.push_back(static_cast<std::uint8_t>(random()));
  chain::bytes plain = held;
  plain.resize(size);
  for (int step = 0; step < 2000; ++step) {
    const std::size_t offset = random() % size, count = random() % std::min<std::size_t>(size - offset, 90);
    if (step % 2 == 0) {
      chain::bytes data(count);
      for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
      std::ranges::copy(data, plain.begin() + static_cast<std::ptrdiff_t>(offset));
      write(1, offset, data);
    } else {
      const auto at = plain.begin() + static_cast<std::ptrdiff_t>(offset);
      ASSERT_EQ(read(1, offset, count), chain::bytes(at, at + static_cast<std::ptrdiff_t>(count)));
    }
  }
}

}  // namespace
}  // namespace quorate::engine::python
