// SPDX-License-Identifier: MIT
#include "engine/modules/transport.hpp"

#include <curl/curl.h>

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chain/log.hpp"
#include "engine/modules/transfer.hpp"

namespace quorate::engine::modules {

namespace {

/// libcurl wants this once, before anything else; it is never undone, for other parts may use libcurl, too.
void prepare_curl() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  (void)done;
}

/// curl_multi_poll returns for sockets, timers and curl_multi_wakeup; this only bounds what a lost wakeup would cost.
constexpr int longest_poll_ms = 10'000;

}  // namespace

class transport::loop {
 public:
  explicit loop(const settings& limits) : limits_{limits} {
    prepare_curl();
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::bad_alloc{};
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(limits.most_connections));
    thread_ = std::thread{[this] { run(); }};
  }

  ~loop() {
    is_stopping_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    for (const auto& [which, one] : running_) curl_multi_remove_handle(multi_, one->handle());
    running_.clear();
    curl_multi_cleanup(multi_);
  }

  void post(std::function<void()> work) {
    {
      const std::lock_guard lock{mutex_};
      posted_.push_back(std::move(work));
    }
    curl_multi_wakeup(multi_);
  }

  bool is_own_thread() const { return std::this_thread::get_id() == thread_id_.load(); }

  id start(exchange what, callback done) {
    const id which = ++last_id_;
    if (running_.size() >= limits_.most_exchanges) {
      failed_.emplace(which, std::move(done));
      return which;
    }
    auto one = std::make_unique<transfer>(std::move(what), std::move(done));
    CURL* const handle = one->handle();
    by_handle_.emplace(handle, which);
    running_.emplace(which, std::move(one));
    curl_multi_add_handle(multi_, handle);
    return which;
  }

  void abort(id which) {
    failed_.erase(which);
    const auto found = running_.find(which);
    if (found == running_.end()) return;
    (void)take(found->second->handle());
  }

 private:
  void run() {
    thread_id_ = std::this_thread::get_id();
    while (!is_stopping_) {
      std::vector<std::function<void()>> work;
      {
        const std::lock_guard lock{mutex_};
        work.swap(posted_);
      }
      for (auto& one : work) guarded(one);
      for (auto refused = std::exchange(failed_, {}); auto& [which, done] : refused) {
        guarded([&done] {
          done(tl::unexpected{failure{.kind = failure_kind::busy, .message = "too many requests are under way"}});
        });
      }
      int still_running = 0;
      curl_multi_perform(multi_, &still_running);
      if (finish()) continue;  // what was finished may have begun or posted something
      curl_multi_poll(multi_, nullptr, 0, failed_.empty() ? longest_poll_ms : 0, nullptr);
    }
  }

  /// True when anything was.
  bool finish() {
    bool any = false;
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      any = true;
      const CURLcode code = message->data.result;
      const auto one = take(message->easy_handle);
      if (one == nullptr) continue;
      auto outcome = one->outcome(code);
      const auto done = one->take_callback();
      guarded([&] { done(std::move(outcome)); });
    }
    return any;
  }

  std::unique_ptr<transfer> take(CURL* handle) {
    const auto which = by_handle_.find(handle);
    if (which == by_handle_.end()) return nullptr;
    curl_multi_remove_handle(multi_, handle);
    const auto node = running_.extract(which->second);
    by_handle_.erase(which);
    return std::move(node.mapped());
  }

  /// The thread serves everybody: what one callback throws must not end it.
  template <class Work>
  static void guarded(Work&& work) {
    try {
      work();
    } catch (const std::exception& e) {
      log::event(log::level::error, "modules", "a callback threw", {{"error", e.what()}});
    }
  }

  const settings limits_;
  CURLM* multi_ = nullptr;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;  // guarded by mutex_
  // The thread's own.
  std::unordered_map<id, std::unique_ptr<transfer>> running_;
  std::unordered_map<CURL*, id> by_handle_;
  std::map<id, callback> failed_;  // refused by start()
  id last_id_ = 0;
  std::atomic<std::thread::id> thread_id_;
  std::thread thread_;
};

transport::transport(const settings& limits) : loop_{std::make_unique<loop>(limits)} {}
transport::~transport() = default;
void transport::post(std::function<void()> work) { loop_->post(std::move(work)); }
bool transport::is_own_thread() const { return loop_->is_own_thread(); }
transport::id transport::start(exchange what, callback done) { return loop_->start(std::move(what), std::move(done)); }
void transport::abort(id which) { loop_->abort(which); }

}  // namespace quorate::engine::modules
