// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "actors/events.hpp"
#include "actors/reads.hpp"

namespace quorate::rpc::methods {

/// Tells the watchers of `logs` of a transaction that has just been stored: reads the row and publishes the log of its
/// receipt. Thread-safe. It may be asked by a thread that outlives what it reads with: `close` first.
class log_feed : public std::enable_shared_from_this<log_feed> {
 public:
  explicit log_feed(actors::reads& reads) : reads_{&reads} {}

  /// Call it once, before the first `stored`.
  void publish_to(actors::events& events) { events_ = &events; }
  void stored(const std::string& hash);
  /// Returns when nobody reads or publishes through it any more.
  void close();

 private:
  void publish(const db::read_value& value);

  std::recursive_mutex mutex_;  // the gateway may answer while it is asked
  actors::reads* reads_;
  actors::events* events_ = nullptr;
};

}  // namespace quorate::rpc::methods
