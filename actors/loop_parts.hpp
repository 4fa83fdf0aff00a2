// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "actors/actor_ref.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/loops.hpp"
#include "chain/log.hpp"

/// Private to the loops: what they share. It outlives any one actor.
namespace quorate::actors {

/// How a loop keeps its pace.
class loop_pace {
 public:
  loop_pace(metrics::registry& metrics, const std::string& loop);
  /// A turn that began at `began` is over.
  void turned(bool ok, time_point began, time_point ended);

 private:
  metrics::counter& turns_;
  metrics::counter& errors_;
  metrics::histogram& seconds_;
  metrics::gauge& last_;
};

struct loops::parts {
  parts(caf::actor_system& s, pool& p, telemetry& t, metrics::registry& m, finality_window& w, loop_settings set,
        std::function<std::int64_t()> unix, loop_statements st);

  /// Notes a step that failed and is tried again; `message` and `about` are for the log. Refused by a pool that drains,
  /// it is the process that ends, nothing to warn of.
  void failed(const char* loop, const error& why, std::string_view message,
              std::initializer_list<log::field> about = {});

  db::processing::window_rules window_rules() const { return {window.get(), settings.appeal_failed_reduction}; }

  caf::actor_system& system;
  pool& connections;
  telemetry& figures;
  finality_window& window;
  const loop_settings settings;
  const std::function<std::int64_t()> unix_now;
  const loop_statements statements;

  actor_ref settler, claimer, finalizer, recoverer;
  loop_pace settle_pace, claim_pace, finalize_pace, recover_pace;
  metrics::counter &processed_finalized, &processed_undetermined, &processed_contended, &processed_failed;
  metrics::counter &finalized, &recovered_reset, &recovered_canceled, &recovered_released;
  metrics::histogram& lag;
  metrics::gauge& queues;
};

using loop_parts = std::shared_ptr<loops::parts>;

/// Hands a unit of work to the pool; its answer becomes the message `wrap` makes of it, sent to `self`. The answer is
/// counted on: it comes whatever happens to the job.
template <class T, class Wrap>
job_ptr submit_step(const loop_parts& with, caf::event_based_actor* self, work_class cls, db::access access,
                    const char* label, db::unit_of_work<T> work, Wrap wrap) {
  auto step = make_job<T>(cls, now(self) + with->settings.job_timeout, access, label, std::move(work),
                          [to = caf::actor_cast<caf::actor>(self), wrap = std::move(wrap)](result<T> value) {
                            tell(to, wrap(std::move(value)));
                          });
  with->connections.submit(step);
  return step;
}

/// The error is the database's or the pool's, and would be that of any other step, too.
inline bool concerns_all(errc why) {
  return why == errc::database_unavailable || why == errc::pool_exhausted || why == errc::server_busy ||
         why == errc::cancelled;
}

/// The one wake-up an actor has planned. Planning another makes the earlier one void: ticks carry a number.
class alarm {
 public:
  template <class Tick>
  void set(caf::event_based_actor* self, duration in) {
    send_later(self, in, Tick{++number_});
  }
  bool rings(std::uint64_t tick) const { return tick == number_; }

 private:
  std::uint64_t number_ = 0;
};

caf::actor spawn_settler(const loop_parts& with);
caf::actor spawn_claimer(const loop_parts& with);
caf::actor spawn_finalizer(const loop_parts& with);
caf::actor spawn_recoverer(const loop_parts& with);
/// `recipient`: empty for burns, which all form one queue.
caf::actor spawn_contract_queue(const loop_parts& with, const caf::actor& claimer,
                                std::optional<std::string> recipient);

}  // namespace quorate::actors
