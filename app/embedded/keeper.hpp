// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "chain/result.hpp"
#include "consensus/backoff.hpp"

namespace quorate::app {

/// Brings a server back that ended by itself: at once the first time, then after longer and longer pauses, and gives up
/// when it never stays. One look at a time, so the loop that calls it goes on hearing signals.
class keeper {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  struct server {
    std::string name;                           // for the log: "the embedded PostgreSQL"
    std::function<std::optional<int>()> ended;  // its exit status
    std::function<status()> launch;             // starts it, does not wait
    std::function<result<bool>()> ready;        // after launch: not yet, now, or never
  };
  struct rules {
    consensus::backoff pause{std::chrono::milliseconds{200}, std::chrono::seconds{10}};
    std::size_t most = 12;             // failures in a row
    std::chrono::seconds settled{60};  // having run this long ends a row
    bool gives_up = true;              // false: goes on trying, with the longest pause
  };
  keeper(server kept, rules by, time_point started) : kept_{std::move(kept)}, by_{by}, since_{started} {}

  /// False: it gave up.
  bool look(time_point now);
  /// Looks should come often now.
  bool busy() const noexcept { return state_ != state::up; }

 private:
  enum class state { up, pausing, starting };
  bool failed(const std::string& why, time_point now);

  server kept_;
  rules by_;
  state state_ = state::up;
  time_point since_;  // up: when it got ready; pausing: when to try again
  std::size_t failures_ = 0;
};

}  // namespace quorate::app
