// SPDX-License-Identifier: MIT
#include "net/detail/outbox.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

rpc::reply text(std::string body) {
  rpc::reply r;
  r.body = std::move(body);
  return r;
}

std::vector<outbox::item> taken(outbox& box) {
  std::vector<outbox::item> items;
  box.take(items);
  return items;
}

TEST(outbox, wakes_once_per_burst) {
  int woken = 0;
  outbox box([&] { ++woken; });
  for (std::uint64_t i = 0; i < 3; ++i) box.push({{}, i, text("x")});
  EXPECT_EQ(woken, 1);
  const auto items = taken(box);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[2].slot, 2u);
  box.push({{}, 9, text("x")});
  EXPECT_EQ(woken, 2);
}

TEST(outbox, drops_what_comes_after_closing) {
  int woken = 0;
  outbox box([&] { ++woken; });
  box.push({{}, 1, text("x")});
  box.close();
  box.push({{}, 2, text("x")});
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(taken(box).empty());
}

TEST(outbox, loses_nothing_between_threads) {
  std::atomic<int> wakes{0};
  outbox box([&] { wakes += 1; });
  constexpr int each = 2'000;
  std::vector<std::thread> senders;
  for (int t = 0; t < 3; ++t) {
    senders.emplace_back([&] {
      for (std::uint64_t i = 0; i < each; ++i) box.push({{}, i, text("x")});
    });
  }
  std::size_t seen = 0;
  int handled = 0;
  while (seen < 3 * each) {
    if (wakes.load() == handled) {
      std::this_thread::yield();
      continue;
    }
    ++handled;
    seen += taken(box).size();
  }
  for (auto& t : senders) t.join();
  EXPECT_EQ(seen, 3u * each);
}

TEST(outbox, is_silent_once_closed_even_when_pushed_meanwhile) {
  std::atomic<bool> gone{false};
  std::atomic<bool> late{false};
  auto box = std::make_shared<outbox>([&] {
    if (gone) late = true;
  });
  std::thread sender([&] {
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      box->push({{}, i, {}});
      std::vector<outbox::item> items;
      box->take(items);
    }
  });
  box->close();
  gone = true;
  sender.join();
  EXPECT_FALSE(late);
}

TEST(reply_ticket, answers_once) {
  auto box = std::make_shared<outbox>([] {});
  {
    reply_ticket t(box, {}, 7);
    t.answer(text("first"));
    t.answer(text("second"));
  }
  const auto items = taken(*box);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].slot, 7u);
  ASSERT_TRUE(items[0].reply);
  EXPECT_EQ(items[0].reply->body, "first");
}

TEST(reply_ticket, says_when_nobody_answered) {
  auto box = std::make_shared<outbox>([] {});
  { reply_ticket t(box, {}, 1); }
  const auto items = taken(*box);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_FALSE(items[0].reply);
}

TEST(unanswered, is_an_internal_error_that_names_the_request) {
  const auto r = unanswered("req-7");
  EXPECT_EQ(r.status, 500);
  EXPECT_EQ(
      r.body,
      R"({"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal error","data":{"request_id":"req-7"}},"id":null})");
}

TEST(reply_ticket, is_silent_when_voided) {
  auto box = std::make_shared<outbox>([] {});
  { reply_ticket(box, {}, 1).void_it(); }
  EXPECT_TRUE(taken(*box).empty());
}

}  // namespace
}  // namespace quorate::net::detail
