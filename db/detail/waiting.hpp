// SPDX-License-Identifier: MIT
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>

/// How this folder waits for a server: never without an end, and never longer than the process wants to live.
namespace quorate::db::detail {

/// Ends everything that waits, and whatever will wait, for good. raise() is thread-safe.
class stop_signal {
 public:
  stop_signal() noexcept : fd_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}
  ~stop_signal() {
    if (fd_ >= 0) ::close(fd_);
  }
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  void raise() const noexcept { ::eventfd_write(fd_, 1); }
  /// Readable once it was raised.
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

enum class wait_end { ready, late, stopped, failed };

/// `events` as of poll(2).
wait_end wait_for(int socket, short events, std::chrono::steady_clock::time_point deadline, const stop_signal& stop);

}  // namespace quorate::db::detail
