// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "db/detail/libpq.hpp"

/// Lets other threads cancel what a connection runs, and nothing else. The handle is a copy of the server's address and
/// key, taken when the connection was made, so libpq's connection itself is never touched by two threads. Closing an
/// attempt waits for a cancel request on its way: it can never hit the COMMIT, or the next requester's statement.
///
/// libpq's cancel knows no deadline: a server that accepts and is silent would hold it for ever. So each request is
/// sent by a thread of its own that nobody waits for longer than `patience`. When that is over the connection is
/// spoilt: whatever the request does when it arrives after all, it must find nobody there. One request per connection
/// at most is ever left behind like that.
namespace quorate::db::detail {

class cancel_fence {
 public:
  explicit cancel_fence(pq_ptr<PGcancel> handle) : shared_{std::make_shared<shared>()} {
    shared_->handle = std::move(handle);
  }

  /// The owner's thread. One run is one or more attempts.
  void open_run() {
    const std::scoped_lock lock{shared_->mutex};
    shared_->running = true;
    shared_->cancelled = false;
  }
  void open_attempt() {
    const std::scoped_lock lock{shared_->mutex};
    shared_->attempt = true;
  }
  void close_attempt() {
    std::unique_lock lock{shared_->mutex};
    shared_->changed.wait(lock, [this] { return !shared_->on_its_way || shared_->spoilt; });
    shared_->attempt = false;
  }
  void close_run() {
    const std::scoped_lock lock{shared_->mutex};
    shared_->running = shared_->attempt = false;
  }
  bool cancelled() const {
    const std::scoped_lock lock{shared_->mutex};
    return shared_->cancelled;
  }
  /// A cancel request may arrive at any time: send nothing more on this connection.
  bool spoilt() const {
    const std::scoped_lock lock{shared_->mutex};
    return shared_->spoilt;
  }

  /// Any thread. Between two attempts it prevents the second. False: spoilt.
  bool cancel(std::chrono::milliseconds patience) noexcept {
    std::unique_lock lock{shared_->mutex};
    if (!shared_->running) return true;
    shared_->cancelled = true;
    if (!shared_->attempt || shared_->handle == nullptr) return true;
    if (!shared_->on_its_way && !send()) return true;
    shared_->changed.wait_for(lock, patience, [this] { return !shared_->on_its_way || shared_->spoilt; });
    if (shared_->on_its_way) spoil();
    return !shared_->spoilt;
  }
  /// Any thread: nobody waits for a request on its way any longer.
  void give_up() noexcept {
    const std::scoped_lock lock{shared_->mutex};
    if (shared_->on_its_way) spoil();
  }

 private:
  struct shared {
    pq_ptr<PGcancel> handle;
    std::mutex mutex;
    std::condition_variable changed;
    bool running = false, attempt = false, cancelled = false;
    bool on_its_way = false, spoilt = false;
  };

  void spoil() {
    shared_->spoilt = true;
    shared_->changed.notify_all();
  }
  bool send() noexcept {
    try {
      shared_->on_its_way = true;
      std::thread{[s = shared_] {
        char complaint[256];
        PQcancel(s->handle.get(), complaint, sizeof complaint);
        const std::scoped_lock lock{s->mutex};
        s->on_its_way = false;
        s->changed.notify_all();
      }}.detach();
    } catch (...) {  // no thread to be had: the query goes on until it is hung up on
      shared_->on_its_way = false;
    }
    return shared_->on_its_way;
  }

  std::shared_ptr<shared> shared_;
};

}  // namespace quorate::db::detail
