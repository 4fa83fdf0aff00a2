// SPDX-License-Identifier: MIT
#include "app/embedded/keeper.hpp"

#include <gtest/gtest.h>

namespace quorate::app {
namespace {

using namespace std::chrono_literals;

/// A server that ends and starts as told, on a clock of its own.
class keeping : public testing::Test {
 protected:
  bool look_after(std::chrono::milliseconds wait) { return kept_.look(now_ += wait); }
  /// Looks every 10 ms until something is launched; how long that took. Empty when it gave up.
  std::optional<std::chrono::milliseconds> until_launched() {
    const auto before = launches_;
    for (std::chrono::milliseconds waited{0};; waited += 10ms, now_ += 10ms) {
      // One look sees the end, the next one acts.
      for (int looks = 0; looks < 2; ++looks) {
        if (!kept_.look(now_)) return {};
        if (launches_ > before) return waited;
      }
    }
  }

  std::optional<int> ended_;
  result<bool> ready_ = true;
  int launches_ = 0;
  keeper::time_point now_{1h};
  keeper kept_{{"the server", [this] { return ended_; },
                [this]() -> status {
                  ++launches_;
                  ended_.reset();
                  return {};
                },
                [this] { return ready_; }},
               {{200ms, 10s}, 4, 60s},
               now_};
};

TEST_F(keeping, leaves_a_running_server_alone) {
  EXPECT_TRUE(look_after(24h));
  EXPECT_EQ(launches_, 0);
  EXPECT_FALSE(kept_.busy());
}

TEST_F(keeping, starts_it_again_at_once_and_waits_until_it_is_ready) {
  ended_ = 137;
  ready_ = false;
  EXPECT_EQ(until_launched(), 0ms);
  EXPECT_TRUE(look_after(30s));
  EXPECT_TRUE(kept_.busy());
  ready_ = true;
  EXPECT_TRUE(look_after(1s));
  EXPECT_FALSE(kept_.busy());
  EXPECT_EQ(launches_, 1);
}

TEST_F(keeping, pauses_longer_each_time_and_gives_up) {
  ready_ = fail(errc::database_unavailable, "no space left");
  ended_ = 1;
  EXPECT_EQ(until_launched(), 0ms);
  EXPECT_EQ(until_launched(), 200ms);
  EXPECT_EQ(until_launched(), 400ms);
  const auto before = now_;
  EXPECT_EQ(until_launched(), std::nullopt);
  EXPECT_EQ(launches_, 4);
  EXPECT_EQ(now_ - before, 800ms);
}

TEST_F(keeping, a_server_that_starts_and_ends_again_is_no_better) {
  int rounds = 0;
  while (ended_ = 1, until_launched()) ASSERT_LT(++rounds, 10);
  EXPECT_EQ(rounds, 4);
}

TEST_F(keeping, a_server_that_stayed_up_for_a_while_starts_afresh) {
  for (int day = 0; day < 20; ++day) {
    ended_ = 1;
    EXPECT_EQ(until_launched(), 0ms);
    EXPECT_TRUE(look_after(61s));
  }
}

}  // namespace
}  // namespace quorate::app
