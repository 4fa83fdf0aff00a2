// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "rpc/endpoint.hpp"

namespace quorate::net::detail {

class connection;

/// The one way by which replies from other threads reach the io thread. A burst of replies costs one wake-up: only the
/// one that finds the box empty calls `wake`.
class outbox {
 public:
  struct item {
    std::weak_ptr<connection> to;
    std::uint64_t slot = 0;
    std::optional<rpc::reply> reply;  // nothing: nobody owes one any more, or a WebSocket is to look into its outlet
  };

  /// `wake` is called from any thread, never after `close` has returned.
  explicit outbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void push(item i);
  /// Swaps what has come into `into` (which must be empty, its capacity is reused).
  void take(std::vector<item>& into);
  /// Later pushes are dropped. Returns when nobody is inside `wake`.
  void close();

 private:
  std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<item> items_;
  bool closed_ = false;
  std::atomic<int> waking_{0};
};

/// The right to answer one request, once, from any thread. A ticket that dies unused says so, and the session answers
/// 500: no client waits for an answer that nobody owes any more.
class reply_ticket {
 public:
  reply_ticket(std::shared_ptr<outbox> out, std::weak_ptr<connection> to, std::uint64_t slot)
      : out_(std::move(out)), to_(std::move(to)), slot_(slot) {}
  ~reply_ticket();
  reply_ticket(const reply_ticket&) = delete;
  reply_ticket& operator=(const reply_ticket&) = delete;

  /// The first call counts, later ones do nothing.
  void answer(std::optional<rpc::reply> reply);
  /// Answered otherwise: nothing will be sent through this ticket.
  void void_it() { used_.store(true, std::memory_order_relaxed); }

 private:
  std::shared_ptr<outbox> out_;
  std::weak_ptr<connection> to_;
  std::uint64_t slot_;
  std::atomic<bool> used_{false};
};

/// What is answered when the application failed to answer.
rpc::reply unanswered(std::string_view request_id);

}  // namespace quorate::net::detail
