// SPDX-License-Identifier: MIT
#include "engine/host/host_requests.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::host {
namespace {

using chain::bytes;

bytes read_request(std::uint32_t size = 9, std::uint8_t mode = 2) {
  bytes out{0, mode};
  out.insert(out.end(), 20, 0xaa);
  out.insert(out.end(), 32, 0xbb);
  for (const auto number : {std::uint32_t{0x01020304}, size}) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  return out;
}

bytes all_requests() {
  bytes out = read_request();
  const auto add = [&](const bytes& more) { out.insert(out.end(), more.begin(), more.end()); };
  add({1, 1, 2, 3, 4, 5, 6, 7, 8});
  bytes call{2};
  call.insert(call.end(), 20, 1);
  call.insert(call.end(), {3, 0, 0, 0, 9, 9, 9});
  add(call);
  bytes balance{3};
  balance.insert(balance.end(), 20, 0xcc);
  add(balance);
  add({4});
  add({5, 7, 0, 0, 0});
  add({7});
  return out;
}

std::vector<std::size_t> kinds(const bytes& data, std::size_t step) {
  host_request_reader reader;
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < data.size(); at += step) {
    reader.take(chain::bytes_view{data}.subspan(at, std::min(step, data.size() - at)));
    for (;;) {
      const auto next = reader.next();
      EXPECT_TRUE(next);
      if (!next || !*next) break;
      out.push_back((*next)->index());
    }
  }
  return out;
}

TEST(host_requests, come_out_whole_however_they_arrive) {
  const std::vector<std::size_t> expected{0, 1, 2, 3, 4, 5, 6};
  for (std::size_t step = 1; step < 80; ++step) EXPECT_EQ(kinds(all_requests(), step), expected) << step;
}

TEST(host_requests, have_their_fields) {
  host_request_reader reader;
  reader.take(read_request());
  const auto read = std::get<storage_read>(reader.next().value().value());
  EXPECT_EQ(read.mode, storage_mode::latest_non_final);
  EXPECT_EQ(read.account[0], 0xaa);
  EXPECT_EQ(read.slot[31], 0xbb);
  EXPECT_EQ(read.offset, 0x01020304u);
  EXPECT_EQ(read.size, 9u);
  reader.take(bytes{5, 7, 1, 0, 0});
  EXPECT_EQ(std::get<nondet_disagreement>(reader.next().value().value()).call, 263u);
}

TEST(host_requests, what_breaks_the_protocol_is_an_error) {
  for (const bytes& hostile : {bytes{8}, bytes{255}, bytes{6}, read_request(longest_read + 1), read_request(1, 3)}) {
    host_request_reader reader;
    reader.take(hostile);
    EXPECT_FALSE(reader.next());
  }
}

TEST(host_answers, are_the_bytes_of_the_protocol) {
  EXPECT_EQ(storage_answer({1, 2}), (bytes{0, 1, 2}));
  auto balance = balance_answer(258);
  EXPECT_EQ(balance.size(), 33u);
  EXPECT_EQ(bytes(balance.begin(), balance.begin() + 4), (bytes{0, 2, 1, 0}));
  EXPECT_EQ(balance_answer(chain::integer{1} << 256), refused_answer());
  EXPECT_EQ(fuel_answer().size(), 9u);
  EXPECT_EQ(farewell(), bytes{0});
}

}  // namespace
}  // namespace quorate::engine::host
