// SPDX-License-Identifier: MIT
#include "actors/pool/supervisor.hpp"

#include <algorithm>

#include "actors/pool/canceller.hpp"
#include "actors/pool/connection.hpp"
#include "chain/log.hpp"

namespace quorate::actors::pooling {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_tick{1};  // deadlines this close together share one wake-up
constexpr milliseconds foreign_check{50};
constexpr milliseconds longest_cancel{2000};  // a healthy server takes one in a millisecond

template <class... Handlers>
struct overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

}  // namespace

supervisor::supervisor(caf::event_based_actor* self, parts_ptr shared)
    : self_{self}, parts_{std::move(shared)}, core_{parts_->settings(), parts_->random}, observer_{*parts_->counters} {
  on_down(self_, [this](const caf::down_msg& m) { down(m); });
  start_canceller();
}

supervisor::~supervisor() {
  core_.abandon_all(database_unavailable({}, "the pool's supervisor ended"));
  for (auto& e : core_.take()) {
    if (auto* job = std::get_if<answer_job>(&e)) job->work->finish(tl::unexpected{std::move(job->why)});
    if (auto* lease = std::get_if<answer_lease>(&e)) lease->answer(std::move(lease->value));
  }
  for (const auto& [slot, l] : connections_) {
    // Nobody waits for what runs there; without this a silent server would hold the connection's thread, and whoever
    // waits for that thread's end.
    if (const auto session = l.session.lock()) session->abort();
    stop(l.actor);
  }
  stop(canceller_);
}

caf::behavior supervisor::make_behavior() {
  count_foreign();
  if (parts_->asked_for == parts::mode::paused) core_.pause();
  if (parts_->asked_for == parts::mode::draining) core_.drain(time(), time());
  core_.start(time());
  act();
  const auto then = [this](auto&& event) {
    event();
    act();
  };
  return {
      [=, this](const submit_job& m) { then([&] { core_.submit(m.work, time()); }); },
      [=, this](const run_returned& m) { then([&] { core_.returned(m.slot, m.report, time()); }); },
      [=, this](const cancel_job& m) { then([&] { core_.cancel(m.work, time()); }); },
      [=, this](const pool_tick& m) {
        if (m.generation == tick_generation_) then([&] { on_tick(); });
      },
      [=, this](const connection_opened& m) {
        if (const auto found = connections_.find(m.slot); found != connections_.end())
          found->second.session = m.session;
        then([&] { core_.opened(m.slot, time()); });
      },
      [=, this](const connection_failed& m) { then([&] { core_.open_failed(m.slot, m.cause, time()); }); },
      [=, this](const connection_pinged& m) { then([&] { core_.pinged(m.slot, m.alive, time()); }); },
      [=, this](const cancel_done& m) {
        cancels_.erase(m.slot);
        observer_.cancel_done(m.sent);
        then([&] { core_.cancel_sent(m.slot, time()); });
      },
      [=, this](const ask_lease& m) { then([&] { ask(m); }); },
      [=, this](const lease_step& m) { then([&] { core_.step(m.id, m.work, time()); }); },
      [=, this](const release_lease& m) { then([&] { core_.release(m.id, time()); }); },
      [=, this](const control& m) { then([&] { m.what(core_, time()); }); },
      [=, this](const drain_pool& m) {
        drain_done_.push_back(m.done);
        then([&] { core_.drain(m.deadline, time()); });
      },
  };
}

void supervisor::act() {
  for (auto effects = core_.take(); !effects.empty(); effects = core_.take())
    for (auto& e : effects) carry_out(e);
  observer_.update(core_.figures());
  arm();
}

void supervisor::carry_out(effect& e) {
  const auto tell_slot = [this](slot_id slot, auto message) {
    if (const auto found = connections_.find(slot); found != connections_.end())
      send(self_, found->second.actor, std::move(message));
  };
  std::visit(overloaded{
                 [&](run_work& w) { tell_slot(w.slot, run_on_connection{w}); },
                 [&](note& n) { observer_.saw(n, core_); },
                 [&](answer_job& a) { a.work->finish(tl::unexpected{std::move(a.why)}); },
                 [&](open_slot& o) { open(o); },
                 [&](ping_slot& p) { tell_slot(p.slot, ping_connection{}); },
                 [&](close_slot& c) { tell_slot(c.slot, close_connection{}); },
                 [&](cancel_run& c) { cancel(c); },
                 [&](abort_slot& a) {
                   const auto found = connections_.find(a.slot);
                   const auto session = found == connections_.end() ? nullptr : found->second.session.lock();
                   if (session) session->abort();
                   log::event(log::level::warning, "pool", "query outlived its cancel, hanging up", {{"slot", a.slot}});
                 },
                 [&](answer_lease& a) { a.answer(std::move(a.value)); },
                 [&](forget_holder& f) {
                   if (const auto found = holders_.find(f.holder); found != holders_.end()) {
                     forget(self_, found->second);
                     holders_.erase(found);
                   }
                 },
                 [&](drained&) { drain_done_.clear(); },
             },
             e);
}

void supervisor::open(const open_slot& e) {
  // Counts the connection from here until its actor has let go of everything.
  parts_->alive->fetch_add(1);
  std::shared_ptr<void> alive{nullptr, [count = parts_->alive](void*) { count->fetch_sub(1); }};
  try {
    auto made = spawn_state<connection>(self_->system(), parts_->options(connection::name, true), parts_, e.slot,
                                        caf::actor_cast<caf::actor>(self_), alive);
    watch(self_, made);
    send(self_, made, open_connection{e.timeout});
    connections_.emplace(e.slot, link{std::move(made), {}});
  } catch (const std::exception& failure) {  // no thread to be had
    core_.open_failed(e.slot, failure.what(), time());
  }
}

void supervisor::cancel(const cancel_run& e) {
  const auto found = connections_.find(e.slot);
  if (found == connections_.end() || !canceller_) return core_.cancel_sent(e.slot, time());
  cancels_.insert(e.slot);
  const auto patience = std::min(core_.settings().cancel_grace, longest_cancel);
  send(self_, canceller_, cancel_on_server{e.slot, e.work, found->second.session, patience});
}

void supervisor::start_canceller() {
  canceller_ = spawn_state<canceller>(self_->system(), parts_->options(canceller::name, true),
                                      caf::actor_cast<caf::actor>(self_));
  watch(self_, canceller_);
}

void supervisor::ask(const ask_lease& m) {
  const auto to = caf::actor_cast<caf::actor>(self_->current_sender());
  if (!to) return;
  auto known = std::find_if(holders_.begin(), holders_.end(), [&](const auto& h) { return h.second == to.address(); });
  if (known == holders_.end()) {
    known = holders_.emplace(++last_holder_, to.address()).first;
    watch(self_, to);
  }
  core_.lease({m.cls, m.deadline, m.label, known->first,
               [this, weak = to.address(), tag = m.tag](result<lease_id> value) {
                 const auto holder = caf::actor_cast<caf::actor>(weak);
                 if (!holder) return;  // its down message follows
                 if (value)
                   send(self_, holder, lease_granted{tag, *value});
                 else
                   send(self_, holder, lease_refused{tag, std::move(value.error())});
               }},
              time());
}

void supervisor::down(const caf::down_msg& m) {
  if (canceller_ && m.source == canceller_.address()) {
    log::event(log::level::error, "pool", "canceller died", {{"reason", to_text(self_->system(), m.reason)}});
    start_canceller();
    for (const auto slot : std::exchange(cancels_, {})) core_.cancel_sent(slot, time());
  }
  const auto slot = std::find_if(connections_.begin(), connections_.end(),
                                 [&](const auto& c) { return c.second.actor.address() == m.source; });
  if (slot != connections_.end()) {
    const auto id = slot->first;
    if (!ended_in_order(m.reason))
      log::event(log::level::error, "pool", "connection actor died",
                 {{"slot", id}, {"reason", to_text(self_->system(), m.reason)}});
    connections_.erase(slot);
    core_.closed(id, time());
  }
  const auto holder =
      std::find_if(holders_.begin(), holders_.end(), [&](const auto& h) { return h.second == m.source; });
  if (holder != holders_.end()) core_.holder_down(holder->first, time());
  act();
}

void supervisor::count_foreign() {
  const auto own = connections_.size();
  const auto alive = parts_->alive->load();
  foreign_ = alive > own ? alive - own : 0;
  core_.set_foreign(foreign_, time());
}

void supervisor::on_tick() {
  armed_.reset();
  if (foreign_ > 0) count_foreign();
  core_.tick(time());
}

/// One tick on its way at most: the one for the nearest deadline. Later deadlines wait for it to come by.
void supervisor::arm() {
  auto next = core_.next_wakeup();
  if (foreign_ > 0) next = std::min(next.value_or(time_point::max()), time() + foreign_check);
  if (!next || (armed_ && *armed_ <= *next)) return;
  armed_ = next;
  const auto wait = std::max<duration>(std::chrono::ceil<milliseconds>(*next - time()), shortest_tick);
  send_later(self_, wait, pool_tick{++tick_generation_});
}

}  // namespace quorate::actors::pooling
