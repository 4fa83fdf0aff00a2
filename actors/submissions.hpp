// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "actors/time.hpp"
#include "db/submissions.hpp"

namespace quorate::actors {

/// One signed transfer, deploy or call on its way through the submission gateway.
struct pending_submission {
  db::submissions::submission what;
  time_point deadline;
  std::function<void(result<db::submissions::outcome>)> done;  // once, any thread
};

/// The way into the submission gateway (docs/design.md §2): what waits at the same moment is stored by one database
/// transaction. Thread-safe.
class submissions {
 public:
  virtual ~submissions() = default;
  virtual void store(pending_submission one) = 0;
};

}  // namespace quorate::actors
