// SPDX-License-Identifier: MIT
#include "engine/modules/job.hpp"

#include <exception>
#include <utility>

#include "chain/log.hpp"

namespace quorate::engine::modules {

void job::fetch(transport::exchange what, transport::callback next) {
  if (!done_) return;
  running_ = by_.start(std::move(what), [self = shared_from_this(), next = std::move(next)](transport::fetched got) {
    self->running_.reset();
    if (self->done_) self->guarded([&] { next(std::move(got)); });
  });
}

void job::guarded(const std::function<void()>& step) {
  try {
    step();
  } catch (const std::exception& e) {
    log::event(log::level::error, "modules", "a request failed in an unexpected way", {{"error", e.what()}});
    finish(failed("INTERNAL_ERROR", json::object(), true).value());
  }
}

void job::go_on(const std::function<void()>& next) {
  stop_ = nullptr;
  if (done_) guarded(next);
}

void job::finish(answer with) {
  if (const auto done = std::exchange(done_, nullptr)) done(std::move(with));
}

void job::cancel() {
  done_ = nullptr;
  if (const auto which = std::exchange(running_, std::nullopt)) by_.abort(*which);
  if (const auto stop = std::exchange(stop_, nullptr)) stop();
}

}  // namespace quorate::engine::modules
