// SPDX-License-Identifier: MIT
#include "actors/loop_parts.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

/// Takes back what dead workers left behind (docs/spec/database.md §4.3), once in a while. Idempotent: any number of
/// processes may do it.
class recoverer_state {
 public:
  static constexpr const char* name = "recoverer";

  recoverer_state(caf::event_based_actor* self, loop_parts with) : self_{self}, with_{std::move(with)} {}

  caf::behavior make_behavior() {
    alarm_.set<to_recoverer::due>(self_, duration::zero());
    return {
        [this](const to_recoverer::due& m) {
          if (alarm_.rings(m.tick)) look();
        },
        [this](const to_recoverer::recovered& m) { recovered(m.report); },
    };
  }

 private:
  void look() {
    began_ = now(self_);
    submit_step<db::processing::recovery_report>(
        with_, self_, work_class::background, db::access::read_write, name,
        [rules = with_->settings.leases, step = with_->statements.recover](db::transaction& tx) {
          return step(tx, rules);
        },
        [](result<db::processing::recovery_report> report) { return to_recoverer::recovered{std::move(report)}; });
  }

  void recovered(const result<db::processing::recovery_report>& report) {
    with_->recover_pace.turned(report.has_value(), began_, now(self_));
    if (!report) {
      with_->failed(name, report.error(), "turn failed");
      alarm_.set<to_recoverer::due>(self_,
                                    std::min(with_->settings.retry.delay(++failures_), with_->settings.recover_every));
      return;
    }
    failures_ = 0;
    with_->recovered_reset.add(report->reset.size());
    with_->recovered_canceled.add(report->canceled.size());
    with_->recovered_released.add(report->released.size());
    for (const auto& hash : report->canceled)
      log::event(log::level::error, name, "transaction canceled, it was recovered too often", {{"hash", hash}});
    if (!report->reset.empty()) with_->settler.tell(to_settler::nudge{});
    if (!report->released.empty()) with_->finalizer.tell(to_finalizer::nudge{});
    alarm_.set<to_recoverer::due>(self_, with_->settings.recover_every);
  }

  caf::event_based_actor* self_;
  loop_parts with_;
  alarm alarm_;
  time_point began_;
  std::size_t failures_ = 0;
};

}  // namespace

caf::actor spawn_recoverer(const loop_parts& with) {
  return spawn_state<recoverer_state>(with->system, {.probe = with->figures.watch(recoverer_state::name)}, with);
}

}  // namespace quorate::actors
