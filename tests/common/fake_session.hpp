// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "db/session.hpp"

namespace quorate::tests {

/// A database without a database: sessions hand the unit of work a transaction with nothing behind it. What goes wrong,
/// and when, is set from outside. Thread-safe.
class fake_database : public db::connector, public std::enable_shared_from_this<fake_database> {
 public:
  std::atomic<bool> up{true};           // false: opening fails
  std::atomic<bool> pings{true};        // false: pings fail
  std::atomic<bool> breaks{false};      // true: the next runs break their connection, as if the server went away
  std::atomic<bool> hears_abort{true};  // false: hanging up does not end a run
  std::atomic<int> opened{0}, live{0}, most_live{0}, runs{0}, pinged{0}, cancels{0}, attempts{0};
  std::atomic<std::int64_t> last_statement_timeout_ms{0};

  /// Runs stop before their work until let_go(); a cancel ends them with an error.
  void hold() { held_ = true; }
  void let_go() {
    const std::scoped_lock lock{mutex_};
    held_ = false;
    changed_.notify_all();
  }

  result<std::unique_ptr<db::session>> open(std::chrono::milliseconds) override {
    ++attempts;
    if (!up) return fail(errc::database_unavailable, "Database unavailable", {}, "connection refused");
    return std::make_unique<session>(shared_from_this());
  }
  result<std::unique_ptr<db::listener>> listen(std::chrono::milliseconds) override {
    if (!up) return fail(errc::database_unavailable, "Database unavailable", {}, "connection refused");
    return std::make_unique<listener>(shared_from_this());
  }
  void notify(db::notification n) {
    const std::scoped_lock lock{mutex_};
    notifications_.push_back(std::move(n));
    changed_.notify_all();
  }

 private:
  class session : public db::session {
   public:
    explicit session(std::shared_ptr<fake_database> db) : db_{std::move(db)}, pid_{++db_->opened} {
      const auto live = ++db_->live;
      auto most = db_->most_live.load();
      while (live > most && !db_->most_live.compare_exchange_weak(most, live)) {
      }
    }
    ~session() override { --db_->live; }

    db::outcome run(const db::run_options& options, const std::function<status(db::transaction&)>& work) override {
      ++db_->runs;
      db_->last_statement_timeout_ms = options.statement_timeout.count();
      if (db_->held_) {
        std::unique_lock lock{db_->mutex_};
        stop_ = false;
        db_->changed_.wait(lock, [this] { return !db_->held_ || stop_; });
        if (stop_) return {fail(errc::cancelled, "Request cancelled"), false, false};
      }
      if (db_->breaks) return {fail(errc::database_unavailable, "Database unavailable"), true, true};
      db::transaction tx{nullptr};
      auto value = work(tx);
      if (options.abandoned && options.abandoned()) value = fail(errc::cancelled, "Request cancelled");
      return {std::move(value), false, false};
    }
    bool ping(std::chrono::milliseconds) override {
      ++db_->pinged;
      return db_->pings;
    }
    bool cancel(std::chrono::milliseconds) noexcept override {
      stop();
      ++db_->cancels;
      return true;
    }
    void abort() noexcept override {
      if (db_->hears_abort) stop();
    }
    int backend_pid() const override { return pid_; }

   private:
    void stop() noexcept {
      const std::scoped_lock lock{db_->mutex_};
      stop_ = true;
      db_->changed_.notify_all();
    }
    std::shared_ptr<fake_database> db_;
    const int pid_;
    bool stop_ = false;
  };

  class listener : public db::listener {
   public:
    explicit listener(std::shared_ptr<fake_database> db) : db_{std::move(db)} {}
    result<std::vector<db::notification>> wait(std::chrono::milliseconds timeout) override {
      std::unique_lock lock{db_->mutex_};
      db_->changed_.wait_for(lock, timeout, [this] { return !db_->notifications_.empty() || !db_->up; });
      if (!db_->up) return fail(errc::database_unavailable, "Database unavailable", {}, "gone");
      return std::exchange(db_->notifications_, {});
    }

   private:
    std::shared_ptr<fake_database> db_;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> held_{false};
  std::vector<db::notification> notifications_;
};

}  // namespace quorate::tests
