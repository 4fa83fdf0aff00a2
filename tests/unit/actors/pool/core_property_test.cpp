// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "tests/unit/actors/pool/rig.hpp"

/// Random schedules against what must hold at every moment (docs/design.md §3). QUORATE_SEED repeats one run,
/// `./dev test --long` makes ten times as many steps.
namespace quorate::tests {
namespace {

class schedule {
 public:
  explicit schedule(std::uint64_t seed) : random_{seed}, r_{random_settings()} {}

  /// The first rule that is broken, or nothing.
  std::string run(std::size_t steps) {
    for (std::size_t i = 0; i < steps && broken_.empty(); ++i) {
      const auto before = r_.counted();
      act();
      after_step(before);
    }
    if (broken_.empty()) let_everything_end();
    return broken_;
  }

 private:
  struct model_job {
    asked_ptr asked;
    work_class cls;
    std::uint64_t arrival;
    bool has_connection = false;
  };

  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_); }
  bool chance(int percent) { return pick(100) < static_cast<std::size_t>(percent); }
  work_class some_class() { return static_cast<work_class>(pick(work_classes)); }
  template <class Map>
  auto some_key(const Map& m) {
    return std::next(m.begin(), static_cast<std::ptrdiff_t>(pick(m.size())))->first;
  }

  pool_settings random_settings() {
    pool_settings s;
    s.size = 1 + pick(6);
    s.max_overflow = pick(5);
    s.warm_up = pick(3);
    s.max_waiters = 3 + pick(30);
    s.connect_concurrency = 1 + pick(4);
    s.reserved_consensus = pick(3);
    s.reserved_background = pick(2);
    s.ageing = milliseconds{pick(300)};
    s.breaker_failures = 1 + pick(4);
    s.recycle = seconds{pick(2) * 5};
    s.pre_ping_idle = milliseconds{pick(100)};
    s.idle_timeout = milliseconds{pick(2) * 500};
    s.connect_timeout = milliseconds{50 + pick(500)};
    s.cancel_grace = milliseconds{50 + pick(200)};
    return s;
  }

  void act() {
    r_.luck = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
    switch (pick(26)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
      case 5: return submit();
      case 6: return cancel();
      case 7:
      case 8:
      case 9:
        if (!r_.opening.empty()) r_.open_next();
        return;
      case 10:
        if (!r_.opening.empty() && chance(60)) r_.fail_next();
        return;
      case 11:
      case 12:
      case 13:
      case 14:
      case 15: return finish();
      case 16:
        if (!r_.running.empty()) r_.begin(some_key(r_.running));
        return;
      case 17:
        if (!r_.cancels.empty()) r_.cancel_sent(some_key(r_.cancels));
        return;
      case 18:
      case 19:
        if (!r_.closing.empty()) r_.closed(r_.closing.at(pick(r_.closing.size())));
        return;
      case 20:
      case 21: return tick(milliseconds{pick(30)});
      case 22:
        if (!r_.pinging.empty()) r_.pinged(r_.pinging.at(pick(r_.pinging.size())), chance(80));
        return;
      case 23: return lease();
      case 24: return use_lease();
      default: return rarely();
    }
  }

  void submit() {
    const auto cls = some_class();
    const auto accesses = {db::access::read_write, db::access::read_only};
    const auto a = r_.submit(cls, milliseconds{1 + pick(800)}, *std::next(accesses.begin(), static_cast<int>(pick(2))));
    jobs_.push_back({a, cls, ++arrivals_});
  }
  void cancel() {
    if (!jobs_.empty()) r_.cancel(jobs_.at(pick(jobs_.size())).asked);
  }
  void finish() {
    if (r_.running.empty()) return;
    const auto slot = some_key(r_.running);
    const auto& w = r_.running.at(slot);
    run_report report;
    if (w.ping && chance(20)) {
      report.ping_failed = true;
    } else if (chance(10)) {
      report.broken = true;
      report.server_gone = chance(30);
      report.unanswered = w.may_repeat && !w.work->answered() && chance(50);
    }
    for (auto& j : jobs_)
      if (j.asked->job == w.work && (report.ping_failed || report.unanswered)) j.has_connection = false;
    r_.finish(slot, report);
  }
  void tick(duration by) {
    r_.advance(by);
    for (const auto& j : jobs_)
      if (j.asked->job->deadline <= r_.now && j.asked->answers == 0) fail("unanswered after its deadline");
  }
  void lease() {
    if (leases_.size() == 4) return;
    const auto holder = ++holders_;
    leases_.emplace(holder, r_.lease(holder, some_class(), milliseconds{1 + pick(1'000)}));
  }
  void use_lease() {
    if (leases_.empty()) return;
    const auto holder = some_key(leases_);
    const auto seen = leases_.at(holder);
    if (chance(20)) {
      r_.pool.holder_down(holder, r_.now), r_.pump();
      leases_.erase(holder);
    } else if (seen->granted() && chance(60)) {
      jobs_.push_back({r_.step(**seen->answer, milliseconds{1 + pick(500)}), work_class::request, 0, true});
    } else if (seen->granted()) {
      r_.pool.release(**seen->answer, r_.now), r_.pump();
      leases_.erase(holder);
    }
  }
  void rarely() {
    switch (pick(8)) {
      case 0: {
        const auto s = random_settings();
        if (!r_.pool.configure(s, r_.now)) fail("settings refused");
        return r_.pump();
      }
      case 1: return r_.pool.pause();
      case 2:
      case 3: r_.pool.resume(r_.now); return r_.pump();
      case 4: r_.pool.evict(r_.now); return r_.pump();
      case 5:
        if (chance(30)) r_.pool.drain(r_.now + milliseconds{pick(200)}, r_.now), r_.pump();
        return;
      case 6: return kill_connection();
      default: return tick(seconds{1 + pick(3)});
    }
  }
  void kill_connection() {
    if (r_.running.empty()) return;
    const auto slot = some_key(r_.running);
    r_.running.erase(slot);
    r_.pool.closed(slot, r_.now), r_.pump();
    std::erase(r_.closing, slot);
  }

  void after_step(std::size_t counted_before) {
    const auto at = r_.at();
    const auto limit = at.settings.size + at.settings.max_overflow;
    if (r_.counted() > std::max(limit, counted_before)) fail("more connections than allowed");
    if (!r_.violations.empty()) fail(r_.violations.front());
    check_order();
    const auto waiting = at.waiting[0] + at.waiting[1] + at.waiting[2];
    const auto reserved = at.settings.reserved_consensus + at.settings.reserved_background;
    if (!at.paused && waiting > 0 && at.idle > reserved && r_.counted() <= limit)
      fail("waits while a connection is idle");
    if (!at.paused && waiting > 0 && at.idle + at.leased + at.connecting + at.closing == 0) {
      const auto next = r_.pool.next_wakeup();
      if (!next || *next > r_.now + seconds{1}) fail("a wake-up is lost");
    }
    for (const auto& j : jobs_)
      if (j.asked->answers > 1) fail("answered twice");
    std::erase_if(jobs_, [](const model_job& j) { return j.asked->answers == 1 && !j.has_connection; });
    std::erase_if(leases_, [](const auto& l) { return l.second->answer && !l.second->granted(); });
  }

  /// Inside a class, whoever gets a connection has waited longest of those that wait.
  void check_order() {
    for (const auto& started : std::exchange(r_.started, {})) {
      for (auto& j : jobs_) {
        if (j.asked->job != started || j.arrival == 0) continue;
        j.has_connection = true;
        for (const auto& other : jobs_)
          if (other.cls == j.cls && other.arrival != 0 && other.arrival < j.arrival && !other.has_connection &&
              other.asked->answers == 0 && !is_started_now(other))
            fail("overtaken inside its class");
      }
    }
    for (auto& j : jobs_)
      if (j.asked->answers == 1) j.has_connection = false;
  }
  bool is_started_now(const model_job& j) const {
    return std::any_of(r_.running.begin(), r_.running.end(),
                       [&](const auto& w) { return w.second.work == j.asked->job; });
  }

  /// With a healthy database everything is answered and every connection closes.
  void let_everything_end() {
    r_.pool.resume(r_.now), r_.pump();
    for (const auto& [holder, seen] : leases_) r_.pool.holder_down(holder, r_.now), r_.pump();
    for (int i = 0; i < 10'000 && !quiet(); ++i) {
      r_.open_all();
      while (!r_.running.empty()) r_.finish(r_.running.begin()->first);
      while (!r_.pinging.empty()) r_.pinged(r_.pinging.front(), true);
      while (!r_.cancels.empty()) r_.cancel_sent(r_.cancels.begin()->first);
      r_.close_all();
      r_.run_for(milliseconds{50});
    }
    for (const auto& j : jobs_)
      if (j.asked->answers != 1) fail("never answered");
    const auto seen = r_.drained_seen;
    r_.pool.drain(r_.now + seconds{10}, r_.now), r_.pump();
    while (!r_.opening.empty()) r_.open_next();
    r_.close_all();
    if (r_.drained_seen != seen + 1 || r_.counted() != 0) fail("does not drain");
  }
  bool quiet() const {
    const auto at = r_.at();
    return at.leased + at.connecting + at.closing + at.waiting[0] + at.waiting[1] + at.waiting[2] == 0;
  }

  void fail(const std::string& what) {
    if (broken_.empty()) broken_ = what;
  }

  std::mt19937_64 random_;
  rig r_;
  std::vector<model_job> jobs_;
  std::map<holder_id, std::shared_ptr<lease_seen>> leases_;
  holder_id holders_ = 0;
  std::uint64_t arrivals_ = 0;
  std::string broken_;
};

TEST(pool_property, random_schedules_keep_every_rule) {
  const char* fixed = std::getenv("QUORATE_SEED");
  const bool is_long = std::getenv("QUORATE_LONG") != nullptr;
  const std::size_t steps = 5'000;
  const std::size_t runs = fixed ? 1 : is_long ? 200 : 20;
  std::random_device entropy;
  for (std::size_t i = 0; i < runs; ++i) {
    const auto seed = fixed ? std::strtoull(fixed, nullptr, 10) : (std::uint64_t{entropy()} << 32 | entropy());
    SCOPED_TRACE("QUORATE_SEED=" + std::to_string(seed));
    std::string broken;
    ASSERT_NO_THROW(broken = schedule{seed}.run(steps));
    ASSERT_EQ(broken, "");
  }
}

}  // namespace
}  // namespace quorate::tests
