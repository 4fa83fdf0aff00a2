// SPDX-License-Identifier: MIT
#include "net/detail/outbox.hpp"

#include <thread>

#include "rpc/envelope.hpp"

namespace quorate::net::detail {

void outbox::push(item i) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool first = items_.empty();
    items_.push_back(std::move(i));
    if (!first) return;
    waking_.fetch_add(1, std::memory_order_relaxed);
  }
  // Outside the lock: waking the io thread takes longer than everything above, and it will want the lock at once.
  wake_();
  waking_.fetch_sub(1, std::memory_order_release);
}

void outbox::take(std::vector<item>& into) {
  const std::lock_guard lock(mutex_);
  items_.swap(into);
}

void outbox::close() {
  std::vector<item> dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(items_);
  }
  while (waking_.load(std::memory_order_acquire) != 0) std::this_thread::yield();
}

rpc::reply unanswered(std::string_view request_id) {
  rpc::reply r;
  r.status = 500;
  rpc::append_error(r.body, {errc::internal, "Internal error", {}, {}}, "null", request_id);
  return r;
}

reply_ticket::~reply_ticket() {
  if (!used_.load(std::memory_order_relaxed)) answer(std::nullopt);
}

void reply_ticket::answer(std::optional<rpc::reply> reply) {
  if (used_.exchange(true, std::memory_order_relaxed)) return;
  out_->push({std::move(to_), slot_, std::move(reply)});
}

}  // namespace quorate::net::detail
