// SPDX-License-Identifier: MIT
#include "actors/loops.hpp"

#include "actors/loop_parts.hpp"

namespace quorate::actors {

namespace {

metrics::counter& processed(metrics::registry& m, const char* outcome) {
  return m.counter("quorate_transactions_processed_total", "Attempts at transactions, by how they ended",
                   {{"outcome", outcome}});
}

metrics::counter& recovered(metrics::registry& m, const char* effect) {
  return m.counter("quorate_transactions_recovered_total", "Stale transactions, by what the recoverer did to them",
                   {{"effect", effect}});
}

}  // namespace

loop_pace::loop_pace(metrics::registry& metrics, const std::string& loop)
    : turns_{metrics.counter("quorate_loop_turns_total", "Turns of a background loop", {{"loop", loop}})},
      errors_{metrics.counter("quorate_loop_errors_total", "Turns that failed and are tried again", {{"loop", loop}})},
      seconds_{metrics.histogram("quorate_loop_turn_seconds", "How long a turn took", {{"loop", loop}})},
      last_{metrics.gauge("quorate_loop_last_turn_seconds",
                          "When the last turn ended, in seconds of the monotonic clock that started with the process",
                          {{"loop", loop}})} {}

void loop_pace::turned(bool ok, time_point began, time_point ended) {
  static const auto process_began = clock::now();
  turns_.add();
  if (!ok) errors_.add();
  seconds_.observe(std::chrono::duration<double>(ended - began).count());
  last_.set(std::chrono::duration_cast<std::chrono::seconds>(ended - process_began).count());
}

void loops::parts::failed(const char* loop, const error& why, std::string_view message,
                          std::initializer_list<log::field> about) {
  figures.failed(loop, why.message);
  std::vector<log::field> fields{about};
  fields.push_back({"error", why.detail});
  log::event(why.code == errc::server_busy ? log::level::debug : log::level::warning, loop, message, fields);
}

loops::parts::parts(caf::actor_system& s, pool& p, telemetry& t, metrics::registry& m, finality_window& w,
                    loop_settings set, std::function<std::int64_t()> unix, loop_statements st)
    : system{s},
      connections{p},
      figures{t},
      window{w},
      settings{std::move(set)},
      unix_now{std::move(unix)},
      statements{std::move(st)},
      settle_pace{m, "settler"},
      claim_pace{m, "claimer"},
      finalize_pace{m, "finalizer"},
      recover_pace{m, "recoverer"},
      processed_finalized{processed(m, "finalized")},
      processed_undetermined{processed(m, "undetermined")},
      processed_contended{processed(m, "not_claimable")},
      processed_failed{processed(m, "error")},
      finalized{m.counter("quorate_transactions_finalized_total", "Transactions finalized after their appeal window")},
      recovered_reset{recovered(m, "reset")},
      recovered_canceled{recovered(m, "canceled")},
      recovered_released{recovered(m, "released")},
      lag{m.histogram("quorate_transaction_lag_seconds",
                      "From the wake-up that showed a transaction as its recipient's next to its result")},
      queues{m.gauge("quorate_contract_queues", "Recipients in work")} {}

loops::loops(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
             finality_window& window, loop_settings settings, std::function<std::int64_t()> unix_now,
             loop_statements statements)
    : parts_{std::make_shared<parts>(system, connections, figures, metrics, window, std::move(settings),
                                     std::move(unix_now), std::move(statements))} {
  metrics.gauge_callback("quorate_finality_window_seconds", "The appeal window in force", {},
                         [p = &window] { return static_cast<double>(p->get().count()); });
}

loops::~loops() {
  for (auto* ref : {&parts_->settler, &parts_->claimer, &parts_->finalizer, &parts_->recoverer}) {
    actors::stop(ref->get());
    ref->set({});
  }
}

std::vector<child_spec> loops::children() {
  const auto p = parts_;
  return {
      {"settler", [p] { return spawn_settler(p); }, [p](const caf::actor& now) { p->settler.set(now); }},
      {"claimer", [p] { return spawn_claimer(p); }, [p](const caf::actor& now) { p->claimer.set(now); }},
      {"finalizer", [p] { return spawn_finalizer(p); }, [p](const caf::actor& now) { p->finalizer.set(now); }},
      {"recoverer", [p] { return spawn_recoverer(p); }, [p](const caf::actor& now) { p->recoverer.set(now); }},
  };
}

void loops::notified(const db::notification& what) { hearer()(what); }

std::function<void(const db::notification&)> loops::hearer() const {
  return [p = parts_](const db::notification& what) {
    if (what.channel == db::channels::settings) return p->finalizer.tell(to_finalizer::reload{}), void();
    p->settler.tell(to_settler::nudge{});
    // The connection is new: something may be due that nobody told of.
    if (what.payload.empty()) p->finalizer.tell(to_finalizer::nudge{});
  };
}

void loops::wake() {
  parts_->settler.tell(to_settler::nudge{});
  parts_->finalizer.tell(to_finalizer::nudge{});
}

void loops::window_changed(std::chrono::seconds now) {
  parts_->window.set(now);
  parts_->finalizer.tell(to_finalizer::nudge{});
}

}  // namespace quorate::actors
