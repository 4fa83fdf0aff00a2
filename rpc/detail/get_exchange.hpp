// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "rpc/dispatcher.hpp"

namespace quorate::rpc::detail {

/// One GET in work: tells an answer given on the spot from one that comes later, and drops one that nobody waits for.
class get_exchange final : public pending, public std::enable_shared_from_this<get_exchange> {
 public:
  explicit get_exchange(endpoint::done_function done) : done_{std::move(done)} {}

  std::optional<reply> run(const get_route& route) {
    route([self = shared_from_this()](reply r) { self->answer(std::move(r)); });
    const std::lock_guard lock{mutex_};
    asynchronous_ = true;
    return std::exchange(early_, std::nullopt);
  }

  void abandon() override {
    const std::lock_guard lock{mutex_};
    done_ = nullptr;
  }

 private:
  void answer(reply r) {
    endpoint::done_function done;
    {
      const std::lock_guard lock{mutex_};
      if (!asynchronous_) {
        early_ = std::move(r);
        return;
      }
      done = std::exchange(done_, nullptr);
    }
    if (done) done(std::move(r));
  }

  std::mutex mutex_;
  endpoint::done_function done_;
  std::optional<reply> early_;
  bool asynchronous_ = false;
};

}  // namespace quorate::rpc::detail
