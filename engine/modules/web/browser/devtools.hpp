// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "chain/json.hpp"
#include "chain/result.hpp"

namespace quorate::engine::modules {

/// The Chrome DevTools Protocol over a socket that does not block: JSON, each message ended by a zero byte
/// (https://chromedevtools.github.io/devtools-protocol/). For one thread.
class devtools {
 public:
  using clock = std::chrono::steady_clock;

  /// `waking` is an eventfd that ends a wait. The descriptors stay the caller's.
  devtools(int channel, int waking, std::size_t longest_message)
      : channel_{channel}, waking_{waking}, longest_{longest_message} {}

  /// The number that its answer will have. It is sent while next() waits.
  std::uint64_t send(const char* method, chain::json params, const std::string& session = {});

  /// An answer or an event; nothing when it was woken. errc::query_timeout at the deadline; errc::internal when the
  /// browser has ended, or says what is no JSON or too long.
  result<std::optional<chain::json>> next(clock::time_point deadline);

 private:
  bool write_some();
  status read_some();
  result<std::optional<chain::json>> take();

  int channel_, waking_;
  std::size_t longest_;
  std::uint64_t last_ = 0;
  std::string unsent_{};
  std::string received_{};
  std::size_t searched_ = 0;  // bytes of received_ that hold no end
};

}  // namespace quorate::engine::modules
