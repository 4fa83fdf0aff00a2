// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chain/result.hpp"

/// LISTEN/NOTIFY between Quorate processes. Upstream's tables carry no trigger: whoever inserts a row notifies in the
/// same transaction (docs/spec/decisions.md, Consensus).
namespace quorate::db {

namespace channels {
inline constexpr std::string_view transactions =
    "quorate_transactions";  // payload: hash of a new PENDING row; none: look at everything
inline constexpr std::string_view settings = "quorate_settings";  // payload: name of the changed setting
}  // namespace channels

struct notification {
  std::string channel, payload;
};

/// One connection that only listens. Same rules as a session: one thread, destroyed when broken.
class listener {
 public:
  virtual ~listener() = default;
  /// Waits at most `timeout`; returns what arrived (maybe nothing). errc::database_unavailable: destroy it.
  virtual result<std::vector<notification>> wait(std::chrono::milliseconds timeout) = 0;
};

}  // namespace quorate::db
