// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/detail/outbox.hpp"
#include "rpc/endpoint.hpp"

namespace quorate::net::detail {

/// What waits to go out over one WebSocket, filled by any thread and emptied by the io thread. Events have a bound: one
/// more than that, and the outlet is cut, which the socket sees at its next `pump` and ends. Replies have none here: a
/// socket that does not take them is asked nothing more. A burst costs one wake-up.
class outlet final : public rpc::voice {
 public:
  struct limits {
    std::size_t messages;
    std::size_t bytes;
  };
  using text_ptr = std::shared_ptr<const std::string>;

  outlet(std::shared_ptr<outbox> wake, std::weak_ptr<connection> to, limits most)
      : wake_(std::move(wake)), to_(std::move(to)), most_(most) {}

  bool push(text_ptr text) override;
  void answer(std::string text) override;
  /// The call of that number is over.
  void finished(std::uint64_t call);

  /// The next message, or null. It counts as waiting until `sent`.
  text_ptr next();
  void sent();
  /// Numbers of calls that are over, since it was last asked.
  std::vector<std::uint64_t> take_finished();
  std::size_t reply_bytes() const;
  bool empty() const;
  /// Events came faster than they went.
  bool overflowed() const;
  /// Nothing more goes out, and what waits is dropped.
  void cut();

 private:
  struct waiting {
    text_ptr text;
    bool is_event = false;
  };
  /// Under the mutex. True: the io thread must be woken.
  bool wake_needed();
  void wake();

  const std::shared_ptr<outbox> wake_;
  const std::weak_ptr<connection> to_;
  const limits most_;

  mutable std::mutex mutex_;
  // Under the mutex:
  std::deque<waiting> queue_;
  waiting going_;  // the one that is being sent
  std::vector<std::uint64_t> finished_;
  std::size_t events_ = 0, event_bytes_ = 0, reply_bytes_ = 0;
  bool woken_ = false;
  bool cut_ = false;
  bool overflowed_ = false;
};

}  // namespace quorate::net::detail
