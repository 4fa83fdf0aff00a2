// SPDX-License-Identifier: MIT
#include "net/detail/outlet.hpp"

#include <utility>

#include "net/detail/connection.hpp"

namespace quorate::net::detail {

bool outlet::wake_needed() { return !std::exchange(woken_, true); }

void outlet::wake() { wake_->push({to_, 0, std::nullopt}); }

bool outlet::push(text_ptr text) {
  bool fits, first;
  {
    const std::lock_guard lock(mutex_);
    if (cut_) return false;
    fits = events_ < most_.messages && event_bytes_ + text->size() <= most_.bytes;
    if (fits) {
      ++events_;
      event_bytes_ += text->size();
      queue_.push_back({std::move(text), true});
    } else {
      cut_ = overflowed_ = true;
    }
    first = wake_needed();
  }
  if (first) wake();
  return fits;
}

void outlet::answer(std::string text) {
  {
    const std::lock_guard lock(mutex_);
    if (cut_) return;
    reply_bytes_ += text.size();
    queue_.push_back({std::make_shared<const std::string>(std::move(text)), false});
    if (!wake_needed()) return;
  }
  wake();
}

void outlet::finished(std::uint64_t call) {
  {
    const std::lock_guard lock(mutex_);
    finished_.push_back(call);
    if (!wake_needed()) return;
  }
  wake();
}

outlet::text_ptr outlet::next() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty() || cut_) return nullptr;
  going_ = std::move(queue_.front());
  queue_.pop_front();
  return going_.text;
}

void outlet::sent() {
  const std::lock_guard lock(mutex_);
  if (!going_.text) return;
  const auto size = going_.text->size();
  if (going_.is_event) {
    --events_;
    event_bytes_ -= size;
  } else {
    reply_bytes_ -= size;
  }
  going_ = {};
}

std::vector<std::uint64_t> outlet::take_finished() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  return std::exchange(finished_, {});
}

std::size_t outlet::reply_bytes() const {
  const std::lock_guard lock(mutex_);
  return reply_bytes_;
}

bool outlet::empty() const {
  const std::lock_guard lock(mutex_);
  return queue_.empty() && !going_.text;
}

bool outlet::overflowed() const {
  const std::lock_guard lock(mutex_);
  return overflowed_;
}

void outlet::cut() {
  std::deque<waiting> dropped;
  const std::lock_guard lock(mutex_);
  cut_ = true;
  dropped.swap(queue_);
}

}  // namespace quorate::net::detail
