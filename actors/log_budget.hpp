// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>

#include "actors/time.hpp"

namespace quorate::actors {

/// How much of the log of calls everybody may be sent. Nobody reads hundreds of lines a second, and on a busy server
/// the log of everything to every socket would take longer than the calls and throw out each socket as too slow. A
/// token bucket of one second: messages that reach many sockets cost as many tokens, others `least`.
class log_budget {
 public:
  /// `rate`: messages handed to sockets per second, of all sockets together.
  explicit log_budget(std::size_t rate, std::size_t least = 100)
      : rate_{static_cast<double>(rate)}, least_{least}, tokens_{rate_} {}

  /// One message for so many sockets. False: it is not to be sent.
  bool take(std::size_t sockets, time_point now) {
    if (filled_ != time_point{}) tokens_ = std::min(rate_, tokens_ + rate_ * to_seconds(now - filled_));
    filled_ = now;
    const auto cost = std::min(rate_, static_cast<double>(std::max(sockets, least_)));
    if (cost > tokens_) return false;
    tokens_ -= cost;
    return true;
  }

 private:
  double rate_;
  std::size_t least_;
  double tokens_;
  time_point filled_{};
};

}  // namespace quorate::actors
