// SPDX-License-Identifier: MIT
#include "engine/host/host_requests.hpp"

#include <gtest/gtest.h>

#include "chain/big_endian.hpp"

namespace quorate::engine::host {
namespace {

using chain::bytes;

void add_number(bytes& out, std::uint64_t value, int size) {
  for (int at = 0; at < size; ++at) out.push_back(static_cast<std::uint8_t>(value >> (8 * at)));
}

bytes storage_question(std::uint8_t mode, std::uint32_t offset, std::uint32_t size) {
  bytes out{0, mode};
  out.insert(out.end(), 20, 0xc0);
  out.insert(out.end(), 32, 0x51);
  add_number(out, offset, 4);
  add_number(out, size, 4);
  return out;
}

bytes fuel_question() { return {1, 9, 0, 0, 0, 0, 0, 0, 0}; }

/// Everything in `data`, given at once.
result<std::vector<host_request>> all_of(const bytes& data) {
  host_request_reader reader;
  reader.take(data);
  std::vector<host_request> out;
  while (true) {
    auto next = reader.next();
    if (!next) return tl::unexpected{next.error()};
    if (!*next) return out;
    out.push_back(std::move(**next));
  }
}

TEST(host_requests, numbers_are_little_endian) {
  const auto read = all_of(storage_question(2, 0x01020304, 64));
  ASSERT_TRUE(read);
  const auto& wanted = std::get<storage_read>(read->at(0));
  EXPECT_EQ(wanted.mode, storage_mode::latest_non_final);
  EXPECT_EQ(wanted.account[19], 0xc0);
  EXPECT_EQ(wanted.slot[31], 0x51);
  EXPECT_EQ(wanted.offset, 0x01020304u);
  EXPECT_EQ(wanted.size, 64u);
  const auto disagreement = all_of({5, 7, 0, 0, 1});
  ASSERT_TRUE(disagreement);
  EXPECT_EQ(std::get<nondet_disagreement>(disagreement->at(0)).call, 0x01000007u);
}

TEST(host_requests, arrive_in_pieces_of_any_size) {
  bytes data = storage_question(0, 0, 32);
  chain::append(data, fuel_question());
  data.push_back(2);
  data.insert(data.end(), 20, 0);
  add_number(data, 5, 4);
  data.insert(data.end(), 5, 0xee);
  data.push_back(3);
  data.insert(data.end(), 20, 0xa1);
  data.insert(data.end(), {4, 7});
  host_request_reader reader;
  std::vector<std::size_t> kinds;
  for (const auto byte : data) {
    reader.take({&byte, 1});
    const auto next = reader.next();
    ASSERT_TRUE(next);
    if (*next) kinds.push_back((*next)->index());
  }
  EXPECT_EQ(kinds, (std::vector<std::size_t>{0, 1, 2, 3, 4, 6}));
  EXPECT_EQ(reader.kept(), 0u);
}

TEST(host_requests, what_breaks_the_protocol_is_an_error) {
  EXPECT_FALSE(all_of({6}));  // results go to the manager
  EXPECT_FALSE(all_of({8}));  // no such method
  EXPECT_FALSE(all_of({255}));
  EXPECT_FALSE(all_of(storage_question(3, 0, 32)));
  EXPECT_TRUE(all_of(storage_question(0, 0, longest_read)));
  EXPECT_FALSE(all_of(storage_question(0, 0, longest_read + 1)));
  bytes call{2};
  call.insert(call.end(), 20, 0);
  add_number(call, std::uint64_t{longest_read} + 1, 4);
  // Before its data is there: nothing is kept for it.
  EXPECT_FALSE(all_of(call));
}

TEST(host_requests, questions_without_answers_do_not_pile_up) {
  // A run says as much as it likes, and its pieces never end where a question does.
  bytes many;
  while (many.size() < 90'000) chain::append(many, fuel_question());
  host_request_reader reader;
  reader.take({many.data(), 4});
  std::size_t most = 0;
  for (int round = 0; round < 100; ++round) {
    bytes piece{many.begin() + 4, many.end()};
    piece.insert(piece.end(), many.begin(), many.begin() + 4);
    reader.take(piece);
    while (true) {
      const auto next = reader.next();
      ASSERT_TRUE(next);
      if (!*next) break;
    }
    most = std::max(most, reader.kept());
  }
  EXPECT_LE(most, 2 * many.size());
}

TEST(host_answers, have_their_error_first) {
  EXPECT_EQ(refused_answer(), bytes{2});
  EXPECT_EQ(farewell(), bytes{0});
  EXPECT_EQ(storage_answer({1, 2}), (bytes{0, 1, 2}));
  EXPECT_EQ(fuel_answer(), (bytes{0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0}));
  auto balance = balance_answer(0x0102);
  ASSERT_EQ(balance.size(), 33u);
  EXPECT_EQ(balance[1], 2);
  EXPECT_EQ(balance[2], 1);
  EXPECT_EQ(balance_answer(0), bytes(33));
  EXPECT_EQ(balance_answer(chain::integer{1} << 256), refused_answer());
  EXPECT_EQ(balance_answer(-1), refused_answer());
}

}  // namespace
}  // namespace quorate::engine::host
