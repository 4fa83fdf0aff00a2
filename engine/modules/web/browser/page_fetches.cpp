// SPDX-License-Identifier: MIT
#include "engine/modules/web/browser/page_fetches.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace quorate::engine::modules {

page_fetches::page_fetches(transport& by) : by_{by}, waking_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}

void page_fetches::start(std::string request, transport::exchange what) {
  by_.post([self = shared_from_this(), request = std::move(request), what = std::move(what)]() mutable {
    if (self->is_stopped()) return;
    const auto id = self->by_.start(std::move(what), [self, request](transport::fetched outcome) {
      self->running_.erase(request);
      self->came(request, std::move(outcome));
    });
    self->running_.emplace(request, id);
  });
}

void page_fetches::came(std::string request, transport::fetched outcome) {
  const std::lock_guard lock{mutex_};
  came_.push_back({std::move(request), std::move(outcome)});
  wake();
}

std::vector<page_fetches::fetched> page_fetches::take() {
  const std::lock_guard lock{mutex_};
  return std::exchange(came_, {});
}

void page_fetches::stop() {
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(is_stopped_, true)) return;
    wake();
  }
  by_.post([self = shared_from_this()] {
    for (const auto& [request, id] : std::exchange(self->running_, {})) self->by_.abort(id);
  });
}

bool page_fetches::is_stopped() const {
  const std::lock_guard lock{mutex_};
  return is_stopped_;
}

void page_fetches::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(waking_.get(), &one, sizeof one);
}

}  // namespace quorate::engine::modules
