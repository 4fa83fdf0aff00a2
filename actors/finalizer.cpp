// SPDX-License-Identifier: MIT
#include <deque>
#include <set>

#include "actors/loop_parts.hpp"
#include "chain/log.hpp"
#include "consensus/finality.hpp"

namespace quorate::actors {

namespace {

/// Finalizes what has waited out its appeal window. Knows when this process's own transactions become due and wakes
/// then; what other processes left behind is found by polling. The window itself is loaded from the database first of
/// all.
class finalizer_state {
 public:
  static constexpr const char* name = "finalizer";

  finalizer_state(caf::event_based_actor* self, loop_parts with) : self_{self}, with_{std::move(with)} {}

  caf::behavior make_behavior() {
    send(self_, self_, to_finalizer::reload{});
    return {
        [this](const to_finalizer::reload&) {
          window_known_ = false;
          look();
        },
        [this](const to_finalizer::nudge&) { look(); },
        [this](const to_finalizer::awaiting& m) { awaits(m.since); },
        [this](const to_finalizer::due& m) {
          if (alarm_.rings(m.tick)) look();
        },
        [this](const to_finalizer::window_read& m) {
          if (m.turn == turn_) window_read(m.seconds);
        },
        [this](const to_finalizer::found& m) {
          if (m.turn == turn_) found(m.candidates);
        },
        [this](const to_finalizer::finalized& m) {
          if (m.turn == turn_) finalized(m.done);
        },
    };
  }

 private:
  void look() {
    if (turning_) {
      again_ = true;
      return;
    }
    turning_ = true;
    again_ = false;
    any_ = false;
    skipped_.reset();
    began_ = now(self_);
    ++turn_;
    if (window_known_)
      ask();
    else
      read_window();
  }

  void read_window() {
    window_known_ = true;  // unless another change is notified meanwhile
    submit_step<std::optional<std::int64_t>>(with_, self_, work_class::background, db::access::single_statement, name,
                                             with_->statements.stored_window,
                                             [turn = turn_](result<std::optional<std::int64_t>> seconds) {
                                               return to_finalizer::window_read{turn, std::move(seconds)};
                                             });
  }

  void window_read(const result<std::optional<std::int64_t>>& seconds) {
    if (!seconds) {
      window_known_ = false;
      return failed(seconds.error());
    }
    auto& window = with_->window;
    window.set(*seconds ? std::chrono::seconds{**seconds} : window.configured());
    ask();
  }

  void ask() {
    const auto& p = *with_;
    submit_step<std::vector<db::processing::candidate>>(
        with_, self_, work_class::background, db::access::single_statement, name,
        [rules = p.settings.leases, window = p.window_rules(), limit = p.settings.batch,
         step = p.statements.finalizable](db::transaction& tx) { return step(tx, rules, window, limit); },
        [turn = turn_](result<std::vector<db::processing::candidate>> candidates) {
          return to_finalizer::found{turn, std::move(candidates)};
        });
  }

  void found(const result<std::vector<db::processing::candidate>>& candidates) {
    if (!candidates) return failed(candidates.error());
    waiting_.assign(candidates->begin(), candidates->end());
    next();
  }

  void next() {
    if (waiting_.empty()) return turn_over();
    const auto one = std::move(waiting_.front());
    waiting_.pop_front();
    const auto& p = *with_;
    submit_step<bool>(
        with_, self_, work_class::background, db::access::read_write, name,
        [one, rules = p.settings.leases, window = p.window_rules(), step = p.statements.finalize](db::transaction& tx) {
          return step(tx, one.hash, one.to_address ? std::optional<std::string_view>{*one.to_address} : std::nullopt,
                      rules, window);
        },
        [turn = turn_](result<bool> done) {
          return to_finalizer::finalized{turn, std::move(done)};
        });
  }

  void finalized(const result<bool>& done) {
    if (!done) {
      if (concerns_all(done.error().code)) return failed(done.error());
      // Of this one alone: it is tried again, but the others do not wait for it.
      skipped_ = done.error();
    } else if (*done) {
      any_ = true;
      with_->finalized.add();
    }
    next();
  }

  void turn_over() {
    if (any_) with_->settler.tell(to_settler::nudge{});  // a recipient's younger transfers waited for this
    if (skipped_ && !any_) return failed(*skipped_);
    turning_ = false;
    failures_ = 0;
    with_->finalize_pace.turned(true, began_, now(self_));
    if (any_ || again_) return look();  // each recipient's next one may be due as well
    sleep();
  }

  void failed(const error& why) {
    turning_ = false;
    waiting_.clear();
    ++failures_;
    with_->finalize_pace.turned(false, began_, now(self_));
    with_->failed(name, why, "turn failed");
    alarm_.set<to_finalizer::due>(self_,
                                  std::min(with_->settings.retry.delay(failures_), with_->settings.finalize_poll));
  }

  void awaits(std::int64_t since) {
    known_.insert(since);
    if (!turning_ && failures_ == 0) sleep();
  }

  /// Until the next one that is known to become due, or the next poll.
  void sleep() {
    const consensus::finality_rules rules{with_->window.get(), with_->settings.appeal_failed_reduction};
    const auto current = with_->unix_now();
    while (!known_.empty() && consensus::due_at(rules, {*known_.begin(), 0, 0}) <= current)
      known_.erase(known_.begin());
    duration wait = with_->settings.finalize_poll;
    if (!known_.empty())
      wait =
          std::min<duration>(wait, std::chrono::seconds{consensus::due_at(rules, {*known_.begin(), 0, 0}) - current});
    alarm_.set<to_finalizer::due>(self_, wait);
  }

  caf::event_based_actor* self_;
  loop_parts with_;
  alarm alarm_;
  std::deque<db::processing::candidate> waiting_;
  std::set<std::int64_t> known_;  // seconds at which transactions of this process began to wait
  std::uint64_t turn_ = 0;
  time_point began_;
  std::size_t failures_ = 0;
  std::optional<error> skipped_;  // what kept a transaction of this turn from being finalized
  bool turning_ = false, again_ = false, any_ = false, window_known_ = false;
};

}  // namespace

caf::actor spawn_finalizer(const loop_parts& with) {
  return spawn_state<finalizer_state>(with->system, {.probe = with->figures.watch(finalizer_state::name)}, with);
}

}  // namespace quorate::actors
