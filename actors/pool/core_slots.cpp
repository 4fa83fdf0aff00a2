// SPDX-License-Identifier: MIT
#include <algorithm>

#include "actors/pool/core.hpp"

/// Slots: one connection each, from the attempt to its end.
namespace quorate::actors::pooling {
namespace {

constexpr std::chrono::milliseconds first_patience{100};

}  // namespace

void core::move(slot& s, slot_state to) {
  if (s.state == slot_state::leased) --leased_[index(s.cls)];
  --counts_[static_cast<std::size_t>(s.state)];
  s.state = to;
  ++counts_[static_cast<std::size_t>(to)];
  if (to == slot_state::leased) ++leased_[index(s.cls)];
}

void core::opened(slot_id id, time_point now) {
  now_ = now;
  const auto found = slots_.find(id);
  if (found == slots_.end() || found->second.state != slot_state::connecting) return;
  slot& s = found->second;
  recover(id);
  emit(note{.what = note::kind::opened, .slot = id, .time = now - s.opened});
  s.opened = now;
  s.luck = random_();
  schedule_retirement(id, s);
  if (count(slot_state::idle) + count(slot_state::leased) >= settings_.size)
    emit(note{.what = note::kind::overflow, .slot = id});
  make_idle(id);
  settle();
}

void core::recover(slot_id id) {
  if (breaker_.tripped()) emit(note{.what = note::kind::recovered, .slot = id});
  breaker_.success();
  last_connect_error_.clear();
}

void core::open_failed(slot_id id, std::string cause, time_point now) {
  now_ = now;
  const auto found = slots_.find(id);
  if (found == slots_.end() || found->second.state != slot_state::connecting) return;
  emit(note{.what = note::kind::open_failed, .slot = id, .time = now - found->second.opened, .text = cause});
  last_connect_error_ = std::move(cause);
  --counts_[static_cast<std::size_t>(slot_state::connecting)];
  slots_.erase(found);
  if (breaker_.failure(settings_, now, random_())) emit(note{.what = note::kind::tripped, .text = last_connect_error_});
  settle();
}

void core::returned(slot_id id, const run_report& report, time_point now) {
  now_ = now;
  const auto found = slots_.find(id);
  if (found == slots_.end() || !found->second.busy) return;
  slot& s = found->second;
  s.busy = false;
  clear_abort(id, s);
  const auto work = std::exchange(s.work, nullptr);
  if (report.server_gone || report.ping_failed) distrust(s.generation);
  // A server that has no place for more (this pool may hold the last) is well for those who have theirs. Nobody is
  // refused and nobody waits: no reason to go on knocking.
  if (report.served && breaker_.tripped() && s.generation == generation_ && waiting_.size() == 0) recover(id);
  const bool broken = report.broken || report.ping_failed;
  const auto holder = tickets_.find(s.occupant);
  if (holder == tickets_.end()) {
    vacate(id, broken);
  } else if (holder->second.kind == ticket_kind::lease) {
    const auto lease = holder->first;
    if (const auto step = std::exchange(holder->second.running_step, 0)) erase(step);
    if (broken)
      end_lease(lease, database_unavailable({}, "the leased connection broke"), true);
    else
      next_step(lease);
  } else {
    if ((report.ping_failed || report.unanswered) && !work->answered()) {
      holder->second.repeated = holder->second.repeated || report.unanswered;
      put_back(holder->first);
    } else {
      erase(holder->first);
    }
    vacate(id, broken);
  }
  settle();
}

void core::pinged(slot_id id, bool alive, time_point now) {
  now_ = now;
  const auto found = slots_.find(id);
  if (found == slots_.end() || !found->second.busy) return;
  slot& s = found->second;
  s.busy = false;
  if (!alive) distrust(s.generation);
  const auto holder = tickets_.find(s.occupant);
  if (holder == tickets_.end()) {
    vacate(id, !alive);
  } else if (alive) {
    grant(holder->second, holder->first);
  } else {
    put_back(holder->first);
    vacate(id, true);
  }
  settle();
}

void core::cancel_sent(slot_id id, time_point now) {
  now_ = now;
  const auto found = slots_.find(id);
  if (found == slots_.end() || !found->second.cancelling) return;
  slot& s = found->second;
  s.cancelling = false;
  if (s.gone) {
    --counts_[static_cast<std::size_t>(s.state)];
    slots_.erase(found);
  } else if (s.state == slot_state::leased && !s.busy) {
    if (s.occupant != 0)
      next_step(s.occupant);
    else
      make_idle(id);
  }
  settle();
}

void core::closed(slot_id id, time_point now) {
  now_ = now;
  const auto found = slots_.find(id);
  if (found == slots_.end()) return;
  if (found->second.state == slot_state::connecting) return open_failed(id, "the connection's keeper died", now);
  if (found->second.state != slot_state::closing) lost(id);
  slot& s = slots_.at(id);
  if (s.cancelling) {
    s.gone = true;
  } else {
    --counts_[static_cast<std::size_t>(s.state)];
    slots_.erase(id);
  }
  settle();
}

/// Gone without having been told to: whoever used it is answered here, since nobody else can.
void core::lost(slot_id id) {
  slot& s = slots_.at(id);
  const auto why = database_unavailable({}, "the connection's keeper died");
  if (s.work) emit(answer_job{std::exchange(s.work, nullptr), why});
  s.busy = false;
  clear_abort(id, s);
  clear_retirement(id, s);
  const auto holder = tickets_.find(s.occupant);
  if (holder != tickets_.end()) {
    if (holder->second.kind == ticket_kind::lease)
      end_lease(holder->first, why, true);
    else
      erase(holder->first);
  }
  s.occupant = 0;
  std::erase(idle_, id);
  if (s.state == slot_state::closing) return;  // a lease's end has closed and counted it
  move(s, slot_state::closing);
  emit(note{
      .what = note::kind::closing, .slot = id, .cls = s.cls, .time = now_ - s.opened, .why = close_reason::broken});
}

slot_id core::pop_idle() {
  while (!idle_.empty()) {
    const auto id = idle_.back();
    if (!too_old(slots_.at(id))) {
      idle_.pop_back();
      return id;
    }
    close(id, close_reason::lifetime);
  }
  return 0;
}

bool core::too_old(const slot& s) const { return now_ - s.opened >= lifetime(settings_, s.luck); }

void core::schedule_retirement(slot_id id, slot& s) {
  clear_retirement(id, s);
  const auto allowed = lifetime(settings_, s.luck);
  if (allowed == duration::max()) return;
  s.retire_at = s.opened + allowed;
  retirements_.emplace(s.retire_at, id);
}

void core::clear_retirement(slot_id id, slot& s) {
  retirements_.erase({s.retire_at, id});
  s.retire_at = time_point::max();
}

/// Idle ones now; those in use when they come back.
void core::retire_the_old() {
  while (!retirements_.empty() && retirements_.begin()->first <= now_) {
    const auto id = retirements_.begin()->second;
    slot& s = slots_.at(id);
    clear_retirement(id, s);
    if (s.state == slot_state::idle) close(id, close_reason::lifetime);
  }
}

void core::stop_run(slot_id id) {
  slot& s = slots_.at(id);
  const bool asked_already = s.cancelling || s.abort_at != time_point::max();
  if (!s.busy || !s.work || asked_already) return;
  s.hang_up_at = now_ + settings_.cancel_grace;
  s.patience = first_patience;
  schedule_abort(id, s);
  s.cancelling = true;
  emit(cancel_run{id, s.work});
}

/// The server forgets a cancel that meets the backend between two statements: it is repeated until the run ends.
void core::insist(slot_id id) {
  slot& s = slots_.at(id);
  clear_abort(id, s);
  if (s.hang_up_at <= now_) return emit(abort_slot{id});
  s.patience *= 2;
  schedule_abort(id, s);
  if (std::exchange(s.cancelling, true)) return;
  emit(cancel_run{id, s.work});
}

void core::schedule_abort(slot_id id, slot& s) {
  s.abort_at = std::min(s.hang_up_at, now_ + s.patience);
  aborts_.emplace(s.abort_at, id);
}

void core::clear_abort(slot_id id, slot& s) {
  aborts_.erase({s.abort_at, id});
  s.abort_at = time_point::max();
}

void core::vacate(slot_id id, bool broken) {
  slot& s = slots_.at(id);
  s.occupant = 0;
  emit(note{.what = note::kind::returned, .slot = id, .cls = s.cls, .time = now_ - s.leased_since});
  if (broken)
    close(id, close_reason::broken);
  else if (!s.cancelling)  // a cancel on its way must not hit the next requester
    make_idle(id);
}

void core::make_idle(slot_id id) {
  slot& s = slots_.at(id);
  if (s.generation != generation_) return close(id, close_reason::evicted);
  if (too_old(s)) return close(id, close_reason::lifetime);
  if (slots_.size() - count(slot_state::closing) > limit()) return close(id, close_reason::shrunk);
  move(s, slot_state::idle);
  s.idle_since = now_;
  idle_.push_back(id);
}

void core::close(slot_id id, close_reason why) {
  slot& s = slots_.at(id);
  if (s.state == slot_state::closing) return;
  std::erase(idle_, id);
  clear_retirement(id, s);
  move(s, slot_state::closing);
  emit(note{.what = note::kind::closing, .slot = id, .cls = s.cls, .time = now_ - s.opened, .why = why});
  emit(close_slot{id});
}

/// One connection of this age was found dead: the others are taken for dead, too. Only once per generation, so that
/// stragglers do not take their successors with them.
void core::distrust(std::uint64_t generation) {
  if (generation != generation_) return;
  ++generation_;
  while (!idle_.empty()) close(idle_.back(), close_reason::evicted);
}

}  // namespace quorate::actors::pooling
