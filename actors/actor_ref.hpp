// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <utility>

#include "actors/caf.hpp"

namespace quorate::actors {

/// Where an actor is to be found now: it survives the actor's restarts, and is cleared at shutdown, since a handle that
/// outlives the actor system would keep it from ending. Thread-safe.
class actor_ref {
 public:
  void set(caf::actor now) {
    const std::scoped_lock lock{mutex_};
    handle_ = std::move(now);
  }
  void clear() { set({}); }
  /// Empty before the start and after the end.
  caf::actor get() const {
    const std::scoped_lock lock{mutex_};
    return handle_;
  }
  /// False: there is no actor; the message was not sent.
  template <class Message>
  bool tell(Message&& message) const {
    const auto to = get();
    if (!to) return false;
    actors::tell(to, std::forward<Message>(message));
    return true;
  }

 private:
  mutable std::mutex mutex_;
  caf::actor handle_;
};

}  // namespace quorate::actors
