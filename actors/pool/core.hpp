// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/pool/effects.hpp"
#include "actors/pool/failures.hpp"
#include "actors/pool/pool.hpp"

namespace quorate::actors::pooling {

/// How a unit of work left its connection.
struct run_report {
  bool broken = false;       // destroy the connection
  bool server_gone = false;  // and do not trust those opened before
  bool ping_failed = false;  // the work was not begun
  bool unanswered = false;   // a read whose connection broke under it: may run again elsewhere
  bool served = false;       // the server did what was asked of it
};

/// The pool as a pure state machine (docs/design.md §3): no threads, no clock, no I/O. Every event carries the time;
/// what it makes necessary is fetched with take(). One thread at a time.
///
/// Connections go connecting → idle ⇄ leased → closing, and are counted until closed() says that they are gone: open
/// ones plus attempts never exceed size + max_overflow. A requester is a ticket: it waits in its class's queue, then
/// occupies a slot, and is answered exactly once (job::finish sees to the last race). After each event settle() gives
/// idle connections to waiters and starts attempts for those left, so no wake-up can be lost.
class core {
 public:
  using random_function = std::function<double()>;  // uniform in [0, 1)

  core(pool_settings settings, random_function random);

  // What requesters want.
  void start(time_point now);  // warm-up
  void submit(job_ptr work, time_point now);
  void cancel(const job_ptr& work, time_point now);
  void lease(lease_request request, time_point now);
  void step(lease_id id, job_ptr work, time_point now);
  void release(lease_id id, time_point now);
  void holder_down(holder_id holder, time_point now);

  // What became of effects.
  void opened(slot_id id, time_point now);
  void open_failed(slot_id id, std::string cause, time_point now);
  void returned(slot_id id, const run_report& report, time_point now);
  void pinged(slot_id id, bool alive, time_point now);
  void cancel_sent(slot_id id, time_point now);
  /// Also without a close_slot before: the connection's keeper died.
  void closed(slot_id id, time_point now);

  void tick(time_point now);
  /// When tick() has something to do next.
  std::optional<time_point> next_wakeup() const;

  // Operation.
  status configure(const pool_settings& settings, time_point now);
  void pause();
  void resume(time_point now);
  void drain(time_point deadline, time_point now);
  void evict(time_point now);
  /// Connections of an earlier life of the supervisor that still exist; they count against the limit.
  void set_foreign(std::size_t count, time_point now);

  pool_snapshot snapshot(time_point now) const;
  /// What of it the gauges show, cheap enough for every event.
  struct gauges {
    std::size_t idle = 0, leased = 0, connecting = 0, closing = 0;
    per_class waiting{};
    breaker::state breaker_is = breaker::state::closed;
    std::uint64_t generation = 0;
    std::size_t most = 0;
  };
  gauges figures() const;
  const pool_settings& settings() const noexcept { return settings_; }
  /// Everybody who still waits for an answer gets `why`: the supervisor dies.
  void abandon_all(const error& why);

  std::vector<effect> take();

 private:
  enum class slot_state : std::uint8_t { connecting, idle, leased, closing };
  struct slot {
    slot_state state = slot_state::connecting;
    bool busy = false;        // the connection owes a report
    bool cancelling = false;  // the canceller owes a report
    bool gone = false;        // closed(), but the canceller still owes its report
    std::uint64_t generation = 0;
    ticket_id occupant = 0;  // 0 and leased: its requester was answered, the server is not done yet
    work_class cls = work_class::request;
    job_ptr work{};  // while busy with one
    time_point opened{}, idle_since{}, leased_since{};
    double luck = 0;                          // its share of the recycle jitter
    time_point abort_at = time_point::max();  // cancelled, and still at work: what to do about it next
    time_point hang_up_at{};
    duration patience{};  // until the next cancel
    time_point retire_at = time_point::max();
  };
  enum class ticket_kind : std::uint8_t { job, lease, step };
  struct ticket {
    ticket_kind kind;
    work_class cls;
    time_point arrived, deadline;
    job_ptr work{};                 // job, step
    lease_request request{};        // lease
    ticket_id parent = 0;           // step: its lease
    slot_id slot = 0;               // once it occupies one
    bool counted = false;           // as acquired
    bool repeated = false;          // job: its connection broke once
    bool granted = false;           // lease
    ticket_id running_step = 0;     // lease
    std::deque<ticket_id> steps{};  // lease: those that wait for the running one
  };
  using slot_table = std::unordered_map<slot_id, slot>;

  // core.cpp: after each event.
  void settle();
  void dispatch();
  void trim();
  void connect_more();
  void answer_if_unreachable();
  bool server_answers() const;
  void note_who_is_full();
  std::size_t attempts_needed() const;

  // core_jobs.cpp: tickets.
  void admit(ticket t);
  void assign(ticket_id id, slot_id on);
  void begin_run(slot_id on, const ticket& t, bool ping);
  void put_back(ticket_id id);
  void refuse(ticket_id id, error why, acquire_result got);  // one that waits
  void abandon_run(ticket_id id, error why);                 // a job or step that runs
  void expire(ticket_id id);
  void erase(ticket_id id);
  void refuse_all(const error& why, acquire_result got);
  void reply(const ticket& t, error why);
  error no_connection(const ticket& t) const;
  bool cannot_open(const ticket& t) const;
  refusal_facts facts(duration waited) const;

  // core_leases.cpp
  void grant(ticket& t, ticket_id id);
  void end_lease(ticket_id id, const error& why, bool broken = false);
  void next_step(ticket_id lease);

  // core_slots.cpp
  slot_id pop_idle();
  void stop_run(slot_id id);             // cancel on the server
  void vacate(slot_id id, bool broken);  // the occupant is gone and nothing runs
  void make_idle(slot_id id);
  void close(slot_id id, close_reason why);
  void lost(slot_id id);
  void distrust(std::uint64_t generation);
  void recover(slot_id id);
  void insist(slot_id id);
  void schedule_abort(slot_id id, slot& s);
  void clear_abort(slot_id id, slot& s);
  void schedule_retirement(slot_id id, slot& s);
  void clear_retirement(slot_id id, slot& s);
  void retire_the_old();
  bool too_old(const slot& s) const;
  void move(slot& s, slot_state to);
  std::size_t count(slot_state s) const { return counts_[static_cast<std::size_t>(s)]; }
  std::size_t taken() const { return count(slot_state::leased) + count(slot_state::closing); }
  std::size_t limit() const;

  void emit(effect e) { effects_.push_back(std::move(e)); }

  pool_settings settings_;
  random_function random_;
  time_point now_{};
  slot_table slots_;
  std::vector<slot_id> idle_;  // the last used is at the back
  std::array<std::size_t, 4> counts_{};
  per_class leased_{};
  std::array<time_point, work_classes> full_until_{};  // when a class last had all of its connections in use
  std::array<bool, work_classes> full_{};
  std::size_t peak_leased_ = 0, foreign_ = 0;
  slot_id last_slot_ = 0;
  ticket_id last_ticket_ = 0;
  std::unordered_map<ticket_id, ticket> tickets_;
  waiters waiting_;
  std::set<std::pair<time_point, ticket_id>> deadlines_;
  std::set<std::pair<time_point, slot_id>> aborts_, retirements_;
  std::unordered_map<holder_id, std::size_t> holders_;  // their lease tickets
  breaker breaker_;
  std::uint64_t generation_ = 1;
  std::string last_connect_error_;
  bool started_ = false, paused_ = false, draining_ = false, reported_drained_ = false;
  bool attempt_is_due_later_ = false;  // only the breaker's pace holds an attempt back
  time_point drain_deadline_ = time_point::max();
  std::vector<effect> effects_;
};

}  // namespace quorate::actors::pooling
