// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/modules/web/browser/page.hpp"

namespace quorate::engine::modules {

/// Shows pages in Chromium, a few at a time; the others wait, and their time runs.
class browser {
 public:
  using on_content = std::function<void(page_content)>;

  /// `program` empty: there is none.
  browser(transport& by, std::string program) : by_{by}, program_{std::move(program)} {}
  /// Pages that are under way are given up.
  ~browser();
  browser(const browser&) = delete;
  browser& operator=(const browser&) = delete;

  bool is_there() const { return !program_.empty(); }

  /// From the transport's thread; `done` comes on it, later, once. What is returned stops it: then it does not come.
  std::function<void()> show(page_request what, on_content done);

 private:
  struct page {
    page_request what;
    std::shared_ptr<page_fetches> fetches;
    on_content done;
  };
  static constexpr std::size_t most_at_once = 2;

  void work();
  void show_one(const page& one);

  transport& by_;
  const std::string program_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::deque<page> waiting_{};  // guarded by mutex_, as the rest
  std::vector<std::shared_ptr<page_fetches>> running_{};
  std::vector<std::thread> workers_{};  // made when they are needed
  std::size_t idle_ = 0;
  bool is_closing_ = false;
};

}  // namespace quorate::engine::modules
