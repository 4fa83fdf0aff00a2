// SPDX-License-Identifier: MIT
#include "actors/pool/core.hpp"

/// What operators do to a running pool.
namespace quorate::actors::pooling {

status core::configure(const pool_settings& settings, time_point now) {
  if (auto valid = check(settings); !valid) return valid;
  now_ = now;
  settings_ = settings;
  for (auto& [id, s] : slots_)
    if (s.state == slot_state::idle || s.state == slot_state::leased) schedule_retirement(id, s);
  retire_the_old();
  settle();
  return {};
}

void core::pause() { paused_ = true; }

void core::resume(time_point now) {
  now_ = now;
  // Whoever waits for the drain's end hears of it: it ends here.
  if (draining_ && !reported_drained_) emit(drained{});
  paused_ = draining_ = false;
  drain_deadline_ = time_point::max();
  settle();
}

void core::drain(time_point deadline, time_point now) {
  now_ = now;
  paused_ = false;
  draining_ = true;
  reported_drained_ = false;
  drain_deadline_ = deadline;
  settle();
}

void core::evict(time_point now) {
  now_ = now;
  distrust(generation_);
  settle();
}

void core::set_foreign(std::size_t count, time_point now) {
  now_ = now;
  foreign_ = count;
  settle();
}

core::gauges core::figures() const {
  gauges g{count(slot_state::idle),
           count(slot_state::leased),
           count(slot_state::connecting),
           count(slot_state::closing),
           {},
           breaker_.now_is(),
           generation_,
           capacity(settings_)};
  for (std::size_t c = 0; c < work_classes; ++c) g.waiting[c] = waiting_.size(static_cast<work_class>(c));
  return g;
}

pool_snapshot core::snapshot(time_point now) const {
  const auto g = figures();
  pool_snapshot at;
  at.settings = settings_;
  at.idle = g.idle;
  at.leased = g.leased;
  at.connecting = g.connecting;
  at.closing = g.closing;
  at.open = at.idle + at.leased + at.closing;
  at.peak_leased = peak_leased_;
  at.waiting = g.waiting;
  at.paused = paused_;
  at.draining = draining_;
  at.breaker = name(breaker_.now_is());
  at.generation = generation_;
  at.last_connect_error = last_connect_error_;
  const slot* oldest = nullptr;
  for (const auto& [id, s] : slots_)
    if (s.state == slot_state::leased && (oldest == nullptr || s.leased_since < oldest->leased_since)) oldest = &s;
  if (oldest != nullptr) {
    const auto holder = tickets_.find(oldest->occupant);
    if (oldest->work)
      at.oldest_holder = oldest->work->label;
    else if (holder != tickets_.end())
      at.oldest_holder = holder->second.request.label;
    at.oldest_holder_age = std::chrono::duration_cast<std::chrono::milliseconds>(now - oldest->leased_since);
  }
  return at;
}

}  // namespace quorate::actors::pooling
