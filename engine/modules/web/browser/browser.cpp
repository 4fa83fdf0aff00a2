// SPDX-License-Identifier: MIT
#include "engine/modules/web/browser/browser.hpp"

#include <utility>

#include "chain/log.hpp"

namespace quorate::engine::modules {

browser::~browser() {
  {
    const std::lock_guard lock{mutex_};
    is_closing_ = true;
    for (const auto& one : running_) one->stop();
  }
  changed_.notify_all();
  for (auto& one : workers_) one.join();
}

std::function<void()> browser::show(page_request what, on_content done) {
  auto fetches = std::make_shared<page_fetches>(by_);
  {
    const std::lock_guard lock{mutex_};
    waiting_.push_back({std::move(what), fetches, std::move(done)});
    if (idle_ < waiting_.size() && workers_.size() < most_at_once) workers_.emplace_back([this] { work(); });
  }
  changed_.notify_one();
  return [fetches] { fetches->stop(); };
}

void browser::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    ++idle_;
    changed_.wait(lock, [this] { return is_closing_ || !waiting_.empty(); });
    --idle_;
    if (is_closing_) return;
    const auto one = std::move(waiting_.front());
    waiting_.pop_front();
    running_.push_back(one.fetches);
    lock.unlock();
    show_one(one);
    lock.lock();
    std::erase(running_, one.fetches);
  }
}

void browser::show_one(const page& one) {
  if (one.fetches->is_stopped()) return;
  auto content = show_page(program_, one.what, *one.fetches);
  if (!content && content.error().no_browser) {
    log::event(log::level::warning, "modules", "a page is read without the browser",
               {{"program", program_}, {"why", chain::dump_json(content.error().why.ctx)}});
  }
  by_.post([fetches = one.fetches, done = one.done, content = std::move(content)]() mutable {
    if (!fetches->is_stopped()) done(std::move(content));
    fetches->stop();
  });
}

}  // namespace quorate::engine::modules
