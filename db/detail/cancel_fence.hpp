// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#include "db/detail/libpq.hpp"

/// Lets other threads cancel what a connection runs, and nothing else. The handle is a copy of the server's address and
/// key, taken when the connection was made, so libpq's connection itself is never touched by two threads. Closing an
/// attempt waits for a cancel request on its way: it can never hit the COMMIT, or the next requester's statement.
namespace quorate::db::detail {

class cancel_fence {
 public:
  explicit cancel_fence(pq_ptr<PGcancel> handle) noexcept : handle_{std::move(handle)} {}

  /// The owner's thread. One run is one or more attempts.
  void open_run() {
    const std::scoped_lock lock{mutex_};
    running_ = true;
    cancelled_ = false;
  }
  void open_attempt() { set_attempt(true); }
  void close_attempt() { set_attempt(false); }
  void close_run() {
    const std::scoped_lock lock{mutex_};
    running_ = attempt_ = false;
  }
  bool cancelled() const {
    const std::scoped_lock lock{mutex_};
    return cancelled_;
  }

  /// Any thread. Between two attempts it prevents the second.
  void cancel() noexcept {
    const std::scoped_lock lock{mutex_};
    if (!running_) return;
    cancelled_ = true;
    char complaint[256];
    if (attempt_ && handle_ != nullptr) PQcancel(handle_.get(), complaint, sizeof complaint);
  }

 private:
  void set_attempt(bool open) {
    const std::scoped_lock lock{mutex_};
    attempt_ = open;
  }

  pq_ptr<PGcancel> handle_;
  mutable std::mutex mutex_;
  bool running_ = false, attempt_ = false, cancelled_ = false;
};

}  // namespace quorate::db::detail
