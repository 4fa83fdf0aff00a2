// SPDX-License-Identifier: MIT
#pragma once

#include "actors/pool/settings.hpp"
#include "actors/time.hpp"

namespace quorate::actors::pooling {

/// Paces connection attempts and knows whether PostgreSQL can be reached. After `breaker_failures` failures in a row it
/// is open: nothing but probes is tried, one at a time, with full jitter between them and never more than a second
/// apart. A probe that hangs does not hold up the next one, since a new handshake gets through where an old one waits
/// for its retransmission.
class breaker {
 public:
  enum class state : std::uint8_t { closed, open, half_open };

  state now_is() const noexcept { return state_; }
  bool tripped() const noexcept { return state_ != state::closed; }
  /// No attempt may start before this moment.
  time_point next_attempt() const noexcept { return not_before_; }
  bool may_attempt(time_point now) const noexcept { return now >= not_before_; }

  void attempt(time_point now) noexcept;
  void success() noexcept;
  /// `random` in [0, 1). True: this failure tripped it.
  bool failure(const pool_settings& s, time_point now, double random) noexcept;

 private:
  state state_ = state::closed;
  std::size_t failures_ = 0;
  time_point not_before_{};
  time_point latest_{};  // a second after the last probe
};

const char* name(breaker::state s) noexcept;

}  // namespace quorate::actors::pooling
