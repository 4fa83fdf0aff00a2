// SPDX-License-Identifier: MIT
#include <algorithm>

#include "actors/pool/core.hpp"

/// Tickets: how a requester waits, gets its connection and is answered.
namespace quorate::actors::pooling {

void core::submit(job_ptr work, time_point now) {
  now_ = now;
  if (work->answered()) return;
  const auto deadline = std::min(work->deadline, now + settings_.timeout);
  ticket t{.kind = ticket_kind::job, .cls = work->cls, .arrived = now, .deadline = deadline};
  t.work = std::move(work);
  admit(std::move(t));
}

void core::admit(ticket t) {
  const auto id = ++last_ticket_;
  if (t.work) t.work->ticket = id;
  const auto cls = t.cls;
  deadlines_.emplace(t.deadline, id);
  waiting_.add(id, cls, t.arrived);
  const auto& kept = tickets_.emplace(id, std::move(t)).first->second;
  if (draining_) return refuse(id, shutting_down(), acquire_result::rejected);
  if (kept.deadline <= now_) return refuse(id, too_late(), acquire_result::timeout);
  settle();
  const auto still = tickets_.find(id);
  if (still != tickets_.end() && still->second.slot == 0 && waiting_.size(cls) > settings_.max_waiters)
    refuse(id, too_many_waiters(facts({})), acquire_result::rejected);
}

void core::cancel(const job_ptr& work, time_point now) {
  now_ = now;
  const auto found = tickets_.find(work->ticket);
  if (found == tickets_.end() || found->second.work != work) return;
  const ticket& t = found->second;
  const bool runs = t.kind == ticket_kind::step || t.slot != 0;
  if (runs)
    abandon_run(found->first, cancelled());
  else
    refuse(found->first, cancelled(), acquire_result::cancelled);
  settle();
}

void core::assign(ticket_id id, slot_id on) {
  ticket& t = tickets_.at(id);
  slot& s = slots_.at(on);
  waiting_.remove(id, t.cls);
  t.slot = on;
  s.occupant = id;
  s.cls = t.cls;
  s.leased_since = now_;
  move(s, slot_state::leased);
  peak_leased_ = std::max(peak_leased_, count(slot_state::leased));
  const auto waited = now_ - t.arrived;
  if (!std::exchange(t.counted, true))
    emit(note{.what = note::kind::acquired, .slot = on, .cls = t.cls, .time = waited, .got = acquire_result::ok});
  emit(note{.what = note::kind::leased, .slot = on, .cls = t.cls, .time = waited});
  const bool ping = settings_.pre_ping && now_ - s.idle_since > settings_.pre_ping_idle;
  if (t.kind == ticket_kind::job) {
    begin_run(on, t, ping);
  } else if (ping) {
    s.busy = true;
    emit(ping_slot{on});
  } else {
    grant(t, id);
  }
}

void core::begin_run(slot_id on, const ticket& t, bool ping) {
  slot& s = slots_.at(on);
  s.busy = true;
  s.work = t.work;
  const bool may_repeat = t.kind == ticket_kind::job && !t.repeated && t.work->access != db::access::read_write;
  emit(run_work{on, t.work, t.deadline, ping, may_repeat});
}

/// The connection it was given is dead and the work not begun (or a read): it takes its old place in the queue.
void core::put_back(ticket_id id) {
  ticket& t = tickets_.at(id);
  t.slot = 0;
  waiting_.add(id, t.cls, t.arrived);
}

void core::reply(const ticket& t, error why) {
  if (t.kind == ticket_kind::lease) {
    if (!t.granted) emit(answer_lease{t.request.answer, tl::unexpected{std::move(why)}});
  } else {
    emit(answer_job{t.work, std::move(why)});
  }
}

void core::refuse(ticket_id id, error why, acquire_result got) {
  const ticket& t = tickets_.at(id);
  emit(note{.what = note::kind::acquired, .cls = t.cls, .time = now_ - t.arrived, .got = got, .text = why.detail});
  reply(t, std::move(why));
  erase(id);
}

void core::abandon_run(ticket_id id, error why) {
  const ticket& t = tickets_.at(id);
  reply(t, std::move(why));
  const auto on = t.slot;
  const auto parent = t.parent;
  erase(id);
  if (parent != 0) {
    ticket& lease = tickets_.at(parent);
    std::erase(lease.steps, id);
    if (lease.running_step != id) return;
    lease.running_step = 0;
  } else {
    slots_.at(on).occupant = 0;
  }
  stop_run(on);
}

void core::expire(ticket_id id) {
  const ticket& t = tickets_.at(id);
  if (t.kind == ticket_kind::lease && t.granted) {
    const auto held = now_ - slots_.at(t.slot).leased_since;
    emit(note{.what = note::kind::leaked, .slot = t.slot, .cls = t.cls, .time = held, .text = t.request.label});
    return end_lease(id, query_timeout(t.request.label, held));
  }
  if (t.kind == ticket_kind::step) return abandon_run(id, query_timeout(t.work->label, now_ - t.arrived));
  if (t.slot == 0) return refuse(id, no_connection(t), acquire_result::timeout);
  const auto silent = database_unavailable({}, "the connection did not answer its validation");
  if (t.kind == ticket_kind::lease) return end_lease(id, silent);
  const bool began = t.work->progress() != job::phase::waiting;
  abandon_run(id, began ? query_timeout(t.work->label, now_ - slots_.at(t.slot).leased_since) : silent);
}

void core::erase(ticket_id id) {
  const auto found = tickets_.find(id);
  const ticket& t = found->second;
  deadlines_.erase({t.deadline, id});
  waiting_.remove(id, t.cls);
  if (t.kind == ticket_kind::lease) {
    const auto holder = holders_.find(t.request.holder);
    if (--holder->second == 0) {
      emit(forget_holder{holder->first});
      holders_.erase(holder);
    }
  }
  tickets_.erase(found);
}

void core::refuse_all(const error& why, acquire_result got) {
  while (const auto id = waiting_.oldest()) refuse(*id, why, got);
}

void core::abandon_all(const error& why) {
  refuse_all(why, acquire_result::rejected);
  std::vector<ticket_id> left;
  for (const auto& [id, t] : tickets_)
    if (t.kind != ticket_kind::step) left.push_back(id);
  for (const auto id : left) {
    if (tickets_.at(id).kind == ticket_kind::lease)
      end_lease(id, why);
    else
      abandon_run(id, why);
  }
}

/// There was room for its connection, and the server did not give one.
bool core::cannot_open(const ticket& t) const {
  if (breaker_.tripped()) return true;
  const auto attempts = count(slot_state::connecting);
  if (attempts == 0 && !attempt_is_due_later_) return false;
  if (!last_connect_error_.empty() || (attempts > 0 && count(slot_state::leased) == 0)) return true;
  // For at least half of its time. (Attempts belong to nobody: what was opened for it may have served another.)
  const auto cls = static_cast<std::size_t>(t.cls);
  return !full_[cls] && 2 * (now_ - std::max(full_until_[cls], t.arrived)) >= now_ - t.arrived;
}

/// Why a waiter got none: everything is in use, or nothing can be opened.
error core::no_connection(const ticket& t) const {
  if (idle_.empty() && cannot_open(t))
    return database_unavailable(breaker_.next_attempt() - now_,
                                last_connect_error_.empty() ? "connecting takes too long" : last_connect_error_);
  return pool_exhausted(facts(now_ - t.arrived));
}

refusal_facts core::facts(duration waited) const {
  refusal_facts f;
  f.size = settings_.size;
  f.max_overflow = settings_.max_overflow;
  f.leased = count(slot_state::leased);
  f.waiting = waiting_.size();
  f.timeout = waited;
  f.last_connect_error = last_connect_error_;
  const auto at = snapshot(now_);
  f.oldest_holder = at.oldest_holder;
  f.oldest_holder_age = at.oldest_holder_age;
  return f;
}

}  // namespace quorate::actors::pooling
