// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace quorate::rpc::methods {

/// Runs one probe at a time: whoever asks while it runs gets its answer, so that a crowd of monitors costs one unit of
/// work. Thread-safe. Lives in a shared_ptr, because an answer may arrive after everybody else is gone.
template <class T>
class shared_probe : public std::enable_shared_from_this<shared_probe<T>> {
 public:
  using done_function = std::function<void(const T&)>;
  using run_function = std::function<void(std::function<void(T)>)>;

  explicit shared_probe(run_function run) : run_(std::move(run)) {}

  void ask(done_function done) {
    {
      const std::lock_guard lock{mutex_};
      waiting_.push_back(std::move(done));
      if (waiting_.size() > 1) return;
    }
    run_([self = this->shared_from_this()](T value) {
      std::vector<done_function> waiting;
      {
        const std::lock_guard lock{self->mutex_};
        waiting.swap(self->waiting_);
      }
      for (const auto& one : waiting) one(value);
    });
  }

 private:
  run_function run_;
  std::mutex mutex_;
  std::vector<done_function> waiting_;
};

}  // namespace quorate::rpc::methods
