// SPDX-License-Identifier: MIT
#include "engine/python/link/frames.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "engine/python/link/descriptor.hpp"

namespace quorate::engine::python {
namespace {

TEST(frames, come_out_whole_however_they_arrive) {
  const auto first = encode_frame(frame_kind::ask, chain::bytes{1, 2, 3}), second = encode_frame(frame_kind::trace, {});
  chain::bytes all = first;
  all.insert(all.end(), second.begin(), second.end());
  frame_reader reader;
  std::vector<frame> got;
  for (const auto byte : all) {
    reader.take({&byte, 1});
    while (auto next = reader.next()) got.push_back(*next);
  }
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].kind, frame_kind::ask);
  EXPECT_EQ(got[0].content, (chain::bytes{1, 2, 3}));
  EXPECT_EQ(got[1].kind, frame_kind::trace);
  EXPECT_TRUE(got[1].content.empty());
}

TEST(frames, no_length_and_no_kind_is_believed) {
  for (const chain::bytes& hostile :
       {chain::bytes{0xff, 0xff, 0xff, 0xff, 1}, chain::bytes{0, 0, 0, 0, 0}, chain::bytes{0, 0, 0, 0, 99}}) {
    frame_reader reader;
    reader.take(hostile);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.is_broken());
  }
}

TEST(frames, travel_through_a_socket) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  descriptor one{ends[0]}, other{ends[1]};
  ASSERT_TRUE(send_frame(one.get(), frame_kind::report, chain::bytes(1000, 9)));
  const auto got = receive_frame(other.get());
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, frame_kind::report);
  EXPECT_EQ(got->content, chain::bytes(1000, 9));
  one.reset();
  EXPECT_FALSE(receive_frame(other.get()));
}

}  // namespace
}  // namespace quorate::engine::python
