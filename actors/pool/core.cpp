// SPDX-License-Identifier: MIT
#include "actors/pool/core.hpp"

#include <algorithm>

namespace quorate::actors::pooling {

core::core(pool_settings settings, random_function random) : settings_{settings}, random_{std::move(random)} {}

void core::start(time_point now) {
  now_ = now;
  started_ = true;
  settle();
}

std::vector<effect> core::take() { return std::exchange(effects_, {}); }

std::size_t core::limit() const {
  const auto most = capacity(settings_);
  return most > foreign_ ? most - foreign_ : 0;
}

void core::settle() {
  dispatch();
  note_who_is_full();
  answer_if_unreachable();
  trim();
  connect_more();
  if (draining_ && !reported_drained_ && slots_.empty() && tickets_.empty()) {
    reported_drained_ = true;
    emit(drained{});
  }
}

void core::dispatch() {
  while (!paused_ && waiting_.size() > 0) {
    const auto next = waiting_.next(now_, settings_.ageing, allowance(settings_, limit(), taken(), leased_));
    if (!next) return;
    const auto on = pop_idle();
    if (on == 0) return;
    assign(*next, on);
  }
}

void core::note_who_is_full() {
  const auto allowed = allowance(settings_, limit(), taken(), leased_);
  for (std::size_t c = 0; c < work_classes; ++c) {
    if (full_[c]) full_until_[c] = now_;
    full_[c] = allowed[c] == 0;
  }
}

void core::trim() {
  const auto close_coldest = [this](close_reason why) { close(idle_.front(), why); };
  while (!idle_.empty() && slots_.size() - count(slot_state::closing) > limit()) close_coldest(close_reason::shrunk);
  while (idle_.size() > settings_.size) close_coldest(close_reason::overflow);
  while (draining_ && waiting_.size() == 0 && !idle_.empty()) close_coldest(close_reason::drained);
}

std::size_t core::attempts_needed() const {
  std::size_t wanted = 0;
  if (!paused_) {
    const auto allowed = allowance(settings_, limit(), taken(), leased_);
    for (std::size_t c = 0; c < work_classes; ++c)
      wanted += std::min(waiting_.size(static_cast<work_class>(c)), allowed[c]);
  }
  const auto warm = std::min(settings_.warm_up, settings_.size);
  const auto usable = count(slot_state::idle) + count(slot_state::leased);
  if (!draining_ && !paused_ && warm > usable) wanted = std::max(wanted, warm - usable);
  // A tripped breaker probes on, also when nobody asks: readiness must come back by itself.
  if (breaker_.tripped() && !draining_) return count(slot_state::connecting) + 1;
  return wanted;
}

void core::connect_more() {
  attempt_is_due_later_ = false;
  if (!started_) return;
  // While the breaker is tripped it paces the probes; those that hang must not hold up the one that gets through.
  const auto most = breaker_.tripped() ? attempts_needed() : std::min(attempts_needed(), settings_.connect_concurrency);
  while (count(slot_state::connecting) < most && slots_.size() < limit()) {
    if (!breaker_.may_attempt(now_)) {
      attempt_is_due_later_ = true;
      return;
    }
    breaker_.attempt(now_);
    const auto id = ++last_slot_;
    slot fresh;
    fresh.generation = generation_;
    fresh.opened = now_;
    slots_.emplace(id, std::move(fresh));
    ++counts_[static_cast<std::size_t>(slot_state::connecting)];
    emit(open_slot{id, settings_.connect_timeout});
  }
}

/// While attempts fail, only a connection that works can still serve a waiter: one that is idle, or one whose work was
/// given to it so lately that it may yet end. (The server may be out of connections and otherwise well.)
bool core::server_answers() const {
  if (!idle_.empty()) return true;
  return std::any_of(slots_.begin(), slots_.end(), [this](const auto& entry) {
    const slot& s = entry.second;
    return s.state == slot_state::leased && s.occupant != 0 && s.generation == generation_ &&
           s.leased_since + settings_.connect_timeout > now_;
  });
}

void core::answer_if_unreachable() {
  if (!breaker_.tripped() || waiting_.size() == 0 || server_answers()) return;
  refuse_all(database_unavailable(breaker_.next_attempt() - now_, last_connect_error_), acquire_result::breaker);
}

void core::tick(time_point now) {
  now_ = now;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now_) expire(deadlines_.begin()->second);
  while (!aborts_.empty() && aborts_.begin()->first <= now_) insist(aborts_.begin()->second);
  if (draining_ && drain_deadline_ <= now_) {
    drain_deadline_ = time_point::max();
    abandon_all(shutting_down());
  }
  retire_the_old();
  const auto open = [this] { return count(slot_state::idle) + count(slot_state::leased); };
  while (settings_.idle_timeout.count() > 0 && !idle_.empty() && open() > settings_.warm_up &&
         slots_.at(idle_.front()).idle_since + settings_.idle_timeout <= now_)
    close(idle_.front(), close_reason::idle);
  settle();
}

std::optional<time_point> core::next_wakeup() const {
  auto next = time_point::max();
  const auto consider = [&next](time_point t) { next = std::min(next, t); };
  if (!deadlines_.empty()) consider(deadlines_.begin()->first);
  if (!aborts_.empty()) consider(aborts_.begin()->first);
  if (!retirements_.empty()) consider(retirements_.begin()->first);
  if (draining_) consider(drain_deadline_);
  if (attempt_is_due_later_) consider(breaker_.next_attempt());
  if (settings_.idle_timeout.count() > 0 && !idle_.empty() &&
      count(slot_state::idle) + count(slot_state::leased) > settings_.warm_up)
    consider(slots_.at(idle_.front()).idle_since + settings_.idle_timeout);
  if (breaker_.tripped() && waiting_.size() > 0)  // see server_answers()
    for (const auto& [id, s] : slots_)
      if (s.state == slot_state::leased && s.leased_since + settings_.connect_timeout > now_)
        consider(s.leased_since + settings_.connect_timeout);
  if (next == time_point::max()) return std::nullopt;
  return next;
}

}  // namespace quorate::actors::pooling
