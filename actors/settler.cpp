// SPDX-License-Identifier: MIT
#include "actors/loop_parts.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

/// Settles transfers, many in one database transaction per turn. When they cannot be settled together, the claimer is
/// told: it takes them one by one, so that a transfer which fails stands in nobody's way.
class settler_state {
 public:
  static constexpr const char* name = "settler";

  settler_state(caf::event_based_actor* self, loop_parts with) : self_{self}, with_{std::move(with)} {}

  caf::behavior make_behavior() {
    // What was notified before this actor existed.
    send(self_, self_, to_settler::nudge{});
    return {
        [this](const to_settler::nudge&) { look(); },
        [this](const to_settler::poll& m) {
          if (poll_.rings(m.tick)) look();
        },
        [this](const to_settler::settled& m) {
          if (m.turn == turn_ && turning_) turn_over(m.done);
        },
    };
  }

 private:
  void look() {
    if (turning_) {
      again_ = true;  // what this wake-up is about may be younger than the turn that is under way
      return;
    }
    turning_ = true;
    again_ = false;
    began_ = now(self_);
    const auto& p = *with_;
    submit_step<db::transfers::settlement>(
        with_, self_, work_class::consensus, db::access::read_write, name,
        [rules = p.settings.leases, limit = p.settings.settle_batch, window = p.window_rules(),
         step = p.statements.settle](db::transaction& tx) { return step(tx, rules, limit, window); },
        [turn = ++turn_](result<db::transfers::settlement> done) {
          return to_settler::settled{turn, std::move(done)};
        });
  }

  void turn_over(const result<db::transfers::settlement>& done) {
    turning_ = false;
    with_->settle_pace.turned(done.has_value(), began_, now(self_));
    if (!done) {
      with_->failed(name, done.error(), "cannot settle transfers together");
      if (!concerns_all(done.error().code)) with_->claimer.tell(to_claimer::nudge{});
      poll_.set<to_settler::poll>(self_,
                                  std::min(with_->settings.retry.delay(++failures_), with_->settings.claim_poll));
      return;
    }
    failures_ = 0;
    count(*done);
    // A full turn that settled nothing found the same transfers that another process is at work on.
    const bool moved = done->finalized + done->undetermined > 0;
    if (again_ || (done->more && moved)) return look();
    poll_.set<to_settler::poll>(self_, with_->settings.claim_poll);
  }

  void count(const db::transfers::settlement& done) {
    with_->processed_finalized.add(done.finalized);
    with_->processed_undetermined.add(done.undetermined);
    const auto lag = std::chrono::duration<double>(now(self_) - began_).count();
    for (auto n = done.finalized + done.undetermined; n > 0; --n) with_->lag.observe(lag);
    if (done.undetermined > 0) with_->finalizer.tell(to_finalizer::awaiting{with_->unix_now()});
  }

  caf::event_based_actor* self_;
  loop_parts with_;
  alarm poll_;
  std::uint64_t turn_ = 0;
  time_point began_;
  std::size_t failures_ = 0;
  bool turning_ = false, again_ = false;
};

}  // namespace

caf::actor spawn_settler(const loop_parts& with) {
  return spawn_state<settler_state>(with->system, {.probe = with->figures.watch(settler_state::name)}, with);
}

}  // namespace quorate::actors
