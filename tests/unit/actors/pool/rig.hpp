// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/pool/core.hpp"

/// Drives the pool's core by hand: it plays the connections, the canceller and the clock.
namespace quorate::tests {

using namespace actors;
using namespace actors::pooling;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A requester and what it heard.
struct asked {
  job_ptr job;
  int answers = 0;
  std::optional<status> answer;

  bool ok() const { return answer && answer->has_value(); }
  std::optional<errc> code() const {
    if (!answer || answer->has_value()) return std::nullopt;
    return answer->error().code;
  }
};
using asked_ptr = std::shared_ptr<asked>;

struct lease_seen {
  std::optional<result<lease_id>> answer;
  bool granted() const { return answer && answer->has_value(); }
};

class rig {
 public:
  explicit rig(pool_settings settings = {}) : pool{settings, [this] { return luck; }} {
    pool.start(now);
    pump();
  }

  /// A pool with nothing open ahead of need.
  static pool_settings lazy(std::size_t size, std::size_t overflow = 0) {
    pool_settings s;
    s.size = size;
    s.max_overflow = overflow;
    s.warm_up = 0;
    s.reserved_consensus = s.reserved_background = 0;
    return s;
  }

  asked_ptr submit(work_class cls = work_class::request, duration timeout = seconds{30},
                   db::access access = db::access::read_write, std::string label = "test") {
    const auto a = make_asked(cls, timeout, access, std::move(label));
    pool.submit(a->job, now);
    pump();
    return a;
  }
  void cancel(const asked_ptr& a) { pool.cancel(a->job, now), pump(); }

  std::shared_ptr<lease_seen> lease(holder_id holder, work_class cls = work_class::background,
                                    duration timeout = seconds{30}) {
    auto seen = std::make_shared<lease_seen>();
    pool.lease({cls, now + timeout, "lease", holder, [seen](result<lease_id> r) { seen->answer = std::move(r); }}, now);
    pump();
    return seen;
  }
  asked_ptr step(lease_id id, duration timeout = seconds{30}) {
    const auto a = make_asked(work_class::request, timeout, db::access::read_write, "step");
    pool.step(id, a->job, now);
    pump();
    return a;
  }

  // Connections.
  slot_id open_next() {
    const auto id = opening.at(0);
    opening.erase(opening.begin());
    pool.opened(id, now);
    pump();
    return id;
  }
  void open_all() {
    while (!opening.empty()) open_next();
  }
  void fail_next(std::string cause = "connection refused") {
    const auto id = opening.at(0);
    opening.erase(opening.begin());
    pool.open_failed(id, std::move(cause), now);
    pump();
  }
  /// The job that runs on a slot began there (it passed its ping).
  void begin(slot_id id) { running.at(id).work->progress(job::phase::running); }
  void finish(slot_id id, run_report report = {}) {
    const auto w = running.at(id);
    running.erase(id);
    if (!report.ping_failed && !report.unanswered) {
      w.work->progress(job::phase::over);
      w.work->finish({});
    }
    pool.returned(id, report, now);
    pump();
  }
  slot_id slot_of(const asked_ptr& a) const {
    for (const auto& [id, w] : running)
      if (w.work == a->job) return id;
    return 0;
  }
  bool runs(const asked_ptr& a) const { return slot_of(a) != 0; }
  void finish(const asked_ptr& a, run_report report = {}) { finish(slot_of(a), report); }
  void pinged(slot_id id, bool alive) { std::erase(pinging, id), pool.pinged(id, alive, now), pump(); }
  void cancel_sent(slot_id id) { cancels.erase(id), pool.cancel_sent(id, now), pump(); }
  void closed(slot_id id) { std::erase(closing, id), pool.closed(id, now), pump(); }
  void close_all() {
    while (!closing.empty()) closed(closing.front());
  }

  void advance(duration by) {
    now += by;
    pool.tick(now);
    pump();
  }
  /// As the supervisor's tick does: straight to the next moment that matters, not beyond `by`.
  void run_for(duration by) {
    const auto end = now + by;
    while (true) {
      const auto next = pool.next_wakeup();
      if (!next || *next > end) break;
      now = std::max(now, *next);
      pool.tick(now);
      pump();
    }
    now = end;
    pool.tick(now);
    pump();
  }

  pool_snapshot at() const { return pool.snapshot(now); }
  std::size_t counted() const {
    const auto s = at();
    return s.idle + s.leased + s.connecting + s.closing;
  }

  void pump() {
    for (auto effects = pool.take(); !effects.empty(); effects = pool.take())
      for (auto& e : effects) take_in(e);
  }

  core pool;
  double luck = 0.5;
  time_point now{std::chrono::hours{1000}};
  std::vector<slot_id> opening, closing, aborted;
  std::map<slot_id, run_work> running;
  std::vector<slot_id> pinging;
  std::map<slot_id, job_ptr> cancels;
  std::vector<note> notes;
  std::vector<job_ptr> started;  // in the order the pool gave them a connection
  std::vector<holder_id> forgotten;
  int drained_seen = 0;
  std::size_t attempts = 0;
  std::vector<std::string> violations;  // of what every connection may expect

 private:
  asked_ptr make_asked(work_class cls, duration timeout, db::access access, std::string label) const {
    auto a = std::make_shared<asked>();
    std::weak_ptr<asked> weak = a;
    a->job = std::make_shared<job>(
        cls, now + timeout, access, std::move(label), [](db::transaction&) { return status{}; },
        [weak](status s) {
          if (const auto still = weak.lock()) {
            ++still->answers;
            still->answer = std::move(s);
          }
        });
    return a;
  }
  void take_in(effect& e) {
    if (auto* o = std::get_if<open_slot>(&e)) opening.push_back(o->slot), ++attempts;
    if (auto* r = std::get_if<run_work>(&e)) {
      if (running.contains(r->slot) || in(pinging, r->slot)) violations.push_back("two holders on one connection");
      if (in(closing, r->slot)) violations.push_back("work for a closing connection");
      if (cancels.contains(r->slot)) violations.push_back("work for a connection with a cancel on its way");
      running.emplace(r->slot, *r);
      started.push_back(r->work);
    }
    if (auto* p = std::get_if<ping_slot>(&e)) pinging.push_back(p->slot);
    if (auto* c = std::get_if<cancel_run>(&e)) cancels.emplace(c->slot, c->work);
    if (auto* a = std::get_if<abort_slot>(&e)) aborted.push_back(a->slot);
    if (auto* c = std::get_if<close_slot>(&e)) {
      if (running.contains(c->slot)) violations.push_back("closed under its work");
      closing.push_back(c->slot);
    }
    if (auto* a = std::get_if<answer_job>(&e)) a->work->finish(tl::unexpected{a->why});
    if (auto* a = std::get_if<answer_lease>(&e)) a->answer(a->value);
    if (auto* f = std::get_if<forget_holder>(&e)) forgotten.push_back(f->holder);
    if (std::holds_alternative<drained>(e)) ++drained_seen;
    if (auto* n = std::get_if<note>(&e)) notes.push_back(*n);
  }
  static bool in(const std::vector<slot_id>& list, slot_id id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  }
};

inline std::size_t count_notes(const rig& r, note::kind what) {
  return static_cast<std::size_t>(
      std::count_if(r.notes.begin(), r.notes.end(), [&](const note& n) { return n.what == what; }));
}
inline std::size_t count_closed(const rig& r, close_reason why) {
  return static_cast<std::size_t>(std::count_if(
      r.notes.begin(), r.notes.end(), [&](const note& n) { return n.what == note::kind::closing && n.why == why; }));
}

}  // namespace quorate::tests
