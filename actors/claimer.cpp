// SPDX-License-Identifier: MIT
#include <map>

#include "actors/loop_parts.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

/// Finds work and hands it out: each turn asks the database for the oldest claimable transfer of every recipient and
/// gives those to contract queues, a bounded number at a time. Which transaction comes next is always the database's
/// answer, so a restart loses nothing and another process beside this one changes nothing.
class claimer_state {
 public:
  static constexpr const char* name = "claimer";

  claimer_state(caf::event_based_actor* self, loop_parts with) : self_{self}, with_{std::move(with)} {}

  ~claimer_state() {
    for (const auto& [key, queue] : queues_) stop(queue.actor);
    with_->queues.set(0);
  }

  caf::behavior make_behavior() {
    on_down(self_, [this](const caf::down_msg& m) { queue_died(m); });
    // What was notified before this actor existed.
    send(self_, self_, to_claimer::nudge{});
    return {
        [this](const to_claimer::nudge&) { look(); },
        [this](const to_claimer::poll& m) {
          if (poll_.rings(m.tick)) look();
        },
        [this](const to_claimer::found& m) {
          if (m.turn == turn_ && turning_) turn_over(m.candidates);
        },
        [this](const to_claimer::turn_over& m) { processed(m); },
        [this](const to_claimer::rested& m) { rested(m.recipient); },
    };
  }

 private:
  enum class phase { running, resting, idle };
  struct queue {
    caf::actor actor;
    phase at = phase::idle;
    std::uint64_t idle_since = 0;  // the turn that was the latest when it became idle
    time_point shown;              // when a look first showed the transaction it is to process
  };

  // -- turns ------------------------------------------------------------------------------------------------------

  void look() {
    if (turning_) {
      again_ = true;  // what this wake-up is about may be younger than the look that is under way
      return;
    }
    turning_ = true;
    again_ = false;
    ++turn_;
    began_ = now(self_);
    const auto& p = *with_;
    // Queues in work are listed, too: ask for so many more that they cannot hide the others.
    const auto limit = p.settings.batch + queues_.size();
    asked_ = limit;
    submit_step<std::vector<db::processing::candidate>>(
        with_, self_, work_class::consensus, db::access::single_statement, name,
        [limit, rules = p.settings.leases, window = p.window_rules(),
         step = p.statements.pending_sends](db::transaction& tx) { return step(tx, rules, limit, window); },
        [turn = turn_](result<std::vector<db::processing::candidate>> found) {
          return to_claimer::found{turn, std::move(found)};
        });
  }

  void turn_over(const result<std::vector<db::processing::candidate>>& found) {
    turning_ = false;
    with_->claim_pace.turned(found.has_value(), began_, now(self_));
    if (!found) {
      ++failures_;
      with_->failed(name, found.error(), "cannot look for transactions");
      poll_.set<to_claimer::poll>(self_, std::min(with_->settings.retry.delay(failures_), with_->settings.claim_poll));
      return;
    }
    failures_ = 0;
    left_over_ = found->size() >= asked_;
    for (const auto& one : *found) offer(one);
    end_idle_queues();
    poll_.set<to_claimer::poll>(self_, with_->settings.claim_poll);
    if (again_) look();
  }

  void offer(const db::processing::candidate& one) {
    const auto key = one.to_address.value_or(std::string{});
    const auto known = queues_.find(key);
    if (known != queues_.end() && known->second.at != phase::idle) return;
    // Finished after this look began: the transaction shown may be the one that is over.
    if (known != queues_.end() && known->second.idle_since >= turn_) {
      again_ = true;
      return;
    }
    if (running_ >= with_->settings.parallelism) {
      left_over_ = true;
      return;
    }
    auto& q = known != queues_.end() ? known->second : start_queue(key, one.to_address);
    q.at = phase::running;
    q.shown = began_;
    ++running_;
    send(self_, q.actor, to_contract_queue::process{one.hash});
  }

  // -- queues -----------------------------------------------------------------------------------------------------

  queue& start_queue(const std::string& key, const std::optional<std::string>& recipient) {
    auto& q = queues_[key];
    q.actor = spawn_contract_queue(with_, caf::actor_cast<caf::actor>(self_), recipient);
    watch(self_, q.actor);
    with_->queues.set(static_cast<std::int64_t>(queues_.size()));
    return q;
  }

  void processed(const to_claimer::turn_over& m) {
    const auto found = queues_.find(m.recipient);
    if (found == queues_.end() || found->second.at != phase::running) return;
    auto& q = found->second;
    --running_;
    const bool done = m.outcome && *m.outcome != db::processing::send_outcome::not_claimable;
    if (!done) {
      q.at = phase::resting;
      if (left_over_) look();
      return;
    }
    with_->lag.observe(std::chrono::duration<double>(now(self_) - q.shown).count());
    if (*m.outcome == db::processing::send_outcome::undetermined)
      with_->finalizer.tell(to_finalizer::awaiting{with_->unix_now()});
    q.at = phase::idle;
    q.idle_since = turn_;
    look();  // for the recipient's next one
  }

  void rested(const std::string& key) {
    const auto found = queues_.find(key);
    if (found == queues_.end() || found->second.at != phase::resting) return;
    found->second.at = phase::idle;
    found->second.idle_since = turn_;
    look();
  }

  /// A queue for which a look that began after it finished shows nothing has no more work.
  void end_idle_queues() {
    std::erase_if(queues_, [this](const auto& entry) {
      const auto& q = entry.second;
      if (q.at != phase::idle || q.idle_since >= turn_) return false;
      stop(q.actor);
      return true;
    });
    with_->queues.set(static_cast<std::int64_t>(queues_.size()));
  }

  void queue_died(const caf::down_msg& m) {
    const auto found = std::find_if(queues_.begin(), queues_.end(),
                                    [&](const auto& entry) { return entry.second.actor.address() == m.source; });
    if (found == queues_.end()) return;  // ended in order
    with_->figures.restarted("contract_queue", to_text(self_->system(), m.reason));
    log::event(log::level::error, name, "contract queue died",
               {{"recipient", found->first}, {"error", to_text(self_->system(), m.reason)}});
    if (found->second.at == phase::running) --running_;
    queues_.erase(found);
    with_->queues.set(static_cast<std::int64_t>(queues_.size()));
    // Its transaction is still PENDING. Not at once: it may be what killed the queue.
    poll_.set<to_claimer::poll>(self_, with_->settings.retry.delay(++failures_));
  }

  caf::event_based_actor* self_;
  loop_parts with_;
  std::map<std::string, queue> queues_;
  alarm poll_;
  std::uint64_t turn_ = 0;
  time_point began_;
  std::size_t asked_ = 0, running_ = 0, failures_ = 0;
  bool turning_ = false, again_ = false, left_over_ = false;
};

}  // namespace

caf::actor spawn_claimer(const loop_parts& with) {
  return spawn_state<claimer_state>(with->system, {.probe = with->figures.watch(claimer_state::name)}, with);
}

}  // namespace quorate::actors
