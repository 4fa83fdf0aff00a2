// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace quorate::engine::modules::tests {

/// What comes on another thread, once. A second time fails the test.
template <class T>
class waiting {
 public:
  /// What takes it; may outlive this.
  auto taker() {
    return [state = state_](T value) {
      if (state->came.exchange(true)) {
        ADD_FAILURE() << "came twice";
        return;
      }
      state->promise.set_value(std::move(value));
    };
  }
  /// Nothing, and a failed test, when it does not come in two minutes.
  std::optional<T> get() {
    auto future = state_->promise.get_future();
    if (future.wait_for(std::chrono::minutes(2)) != std::future_status::ready) {
      ADD_FAILURE() << "did not come";
      return std::nullopt;
    }
    return future.get();
  }
  bool has_come() const { return state_->came; }

 private:
  struct state {
    std::promise<T> promise;
    std::atomic<bool> came = false;
  };
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

}  // namespace quorate::engine::modules::tests
