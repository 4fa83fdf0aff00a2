// SPDX-License-Identifier: MIT
#include "actors/loop_parts.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

/// Drives the transactions of one recipient, one at a time, as the claimer names them. What cannot be claimed or fails
/// stays PENDING in the database and is tried again after a wait that grows; nothing but the wait is kept in memory.
class contract_queue_state {
 public:
  static constexpr const char* name = "contract_queue";

  contract_queue_state(caf::event_based_actor* self, loop_parts with, caf::actor claimer,
                       std::optional<std::string> recipient)
      : self_{self}, with_{std::move(with)}, claimer_{std::move(claimer)}, recipient_{std::move(recipient)} {}

  ~contract_queue_state() {
    if (auto running = job_.lock(); running && !running->answered()) with_->connections.cancel(std::move(running));
  }

  caf::behavior make_behavior() {
    return {
        [this](const to_contract_queue::process& m) { process(m.hash); },
        [this](const to_contract_queue::settled& m) {
          if (m.attempt == attempt_) settled(m.outcome);
        },
        [this](const to_contract_queue::backoff_over& m) {
          if (m.attempt == attempt_) send(self_, claimer_, to_claimer::rested{key()});
        },
    };
  }

 private:
  std::string key() const { return recipient_.value_or(std::string{}); }

  void process(const std::string& hash) {
    hash_ = hash;
    const auto& p = *with_;
    job_ = submit_step<db::processing::send_outcome>(
        with_, self_, work_class::consensus, db::access::read_write, name,
        [hash, recipient = recipient_, rules = p.settings.leases, window = p.window_rules(),
         step = p.statements.process_send](db::transaction& tx) {
          return step(tx, hash, recipient ? std::optional<std::string_view>{*recipient} : std::nullopt, rules, window);
        },
        [attempt = ++attempt_](result<db::processing::send_outcome> outcome) {
          return to_contract_queue::settled{attempt, std::move(outcome)};
        });
  }

  void settled(const result<db::processing::send_outcome>& outcome) {
    count(outcome);
    const bool done = outcome && *outcome != db::processing::send_outcome::not_claimable;
    failures_ = done ? 0 : failures_ + 1;
    if (!done) send_later(self_, with_->settings.retry.delay(failures_), to_contract_queue::backoff_over{attempt_});
    send(self_, claimer_, to_claimer::turn_over{key(), hash_, outcome});
  }

  void count(const result<db::processing::send_outcome>& outcome) {
    if (!outcome) {
      with_->processed_failed.add();
      with_->failed(name, outcome.error(), "transaction failed, will be tried again",
                    {{"hash", hash_}, {"failures", failures_ + 1}});
      return;
    }
    switch (*outcome) {
      case db::processing::send_outcome::finalized: return with_->processed_finalized.add();
      case db::processing::send_outcome::undetermined: return with_->processed_undetermined.add();
      case db::processing::send_outcome::not_claimable: return with_->processed_contended.add();
    }
  }

  caf::event_based_actor* self_;
  loop_parts with_;
  caf::actor claimer_;
  std::optional<std::string> recipient_;
  std::string hash_;
  std::weak_ptr<job> job_;
  std::uint64_t attempt_ = 0;
  std::size_t failures_ = 0;
};

}  // namespace

caf::actor spawn_contract_queue(const loop_parts& with, const caf::actor& claimer,
                                std::optional<std::string> recipient) {
  return spawn_state<contract_queue_state>(with->system, {.probe = with->figures.watch(contract_queue_state::name)},
                                           with, claimer, std::move(recipient));
}

}  // namespace quorate::actors
