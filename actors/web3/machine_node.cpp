// SPDX-License-Identifier: MIT
#include <algorithm>

#include "actors/web3/machine.hpp"

namespace quorate::actors::web3 {

using settlement = db::forwards::settlement;

effects machine::linked(time_point now, ticket id, link_answer answer) {
  if (id != ticket_ || (doing_ != doing::connecting && doing_ != doing::calling)) return take();
  const bool connecting = doing_ == doing::connecting;
  doing_ = doing::nothing;
  if (!connecting && asked_ == question::send) {
    for (std::size_t i = 0; i < answer.passed; ++i) taken(now, batch_[asked_rows_[i]]);
    asked_row_ = asked_rows_[answer.passed];
  }
  if (answer.what != fault::none) {
    node_failed(now, answer.what, answer.text);
  } else if (connecting) {
    connected_ = true;
    last_used_ = now;
  } else {
    answered(now, answer);
  }
  step(now);
  return take();
}

void machine::answered(time_point now, const link_answer& answer) {
  last_used_ = now;
  answered_once_ = true;
  if (asked_ == question::all_mined) {
    heard_of_receipts(now, answer.text);
  } else {
    const auto left = asked_ == question::send ? asked_rows_.size() - 1 - answer.passed : 0;
    const auto said = read_reply(answer.text, request_ - left);
    if (!said) return node_failed(now, fault::rubbish, "its answer is not JSON-RPC");
    heard(now, *said);
  }
  if (answer.last && connected_) {
    disconnect();
    for (auto& one : batch_) one.doubt();
  }
}

void machine::heard(time_point now, const reply& said) {
  if (asked_ == question::chain_id || asked_ == question::code || asked_ == question::own_nonce)
    return heard_of_node(now, said);
  if (asked_row_ < batch_.size()) heard_of_row(now, batch_[asked_row_], said);
}

void machine::heard_of_node(time_point now, const reply& said) {
  if (said.refusal) return node_failed(now, fault::rubbish, *said.refusal);
  if (asked_ == question::code) {
    has_contract_ = said.result.is_string() && said.result.get_ref<const std::string&>().size() > 2;
    if (!has_contract_)
      return node_failed(now, fault::rubbish, "there is no contract at " + chain::to_hex_0x(set_.contract));
    out_.emplace_back(note{.what = note::kind::reached, .text = "chain " + std::to_string(*chain_id_)});
    lost_ = false;
    return;
  }
  const auto number = read_quantity(said.result);
  if (!number) return node_failed(now, fault::rubbish, "its answer is not a number");
  (asked_ == question::chain_id ? chain_id_ : next_nonce_) = *number;
}

void machine::heard_of_receipts(time_point now, const std::string& text) {
  const auto said = read_batch(text, request_ + 1 - asked_rows_.size(), asked_rows_.size());
  if (!said) return node_failed(now, fault::rubbish, "its answer is not JSON-RPC");
  if (said->refused) {
    knows_batches_ = false;
    return;
  }
  for (std::size_t i = 0; i < asked_rows_.size() && connected_; ++i) {
    const auto& one = said->replies[i];
    if (one.refusal) return node_failed(now, fault::rubbish, *one.refusal);
    mined(now, batch_[asked_rows_[i]], one);
    if (one.result.is_null()) return;  // it is not mined, and the others are behind it
  }
}

void machine::heard_of_row(time_point now, row& on, const reply& said) {
  if (asked_ == question::send) return sent(now, on, said);
  if (asked_ == question::known && said.refusal)
    return settle(on, {.how = settlement::what::failed, .error = on.error});
  if (said.refusal) return node_failed(now, fault::rubbish, *said.refusal);
  if (asked_ == question::mined) return mined(now, on, said);
  if (asked_ == question::known) return known(on, said);
  const auto number = read_quantity(said.result);
  if (!number) return node_failed(now, fault::rubbish, "its answer is not a number");
  if (asked_ == question::next) return placed(now, on, *number);
  on.used = *number;
  on.at = row::phase::check_mined;
}

void machine::sent(time_point now, row& on, const reply& said) {
  if (said.refusal) {
    // Too low, too high, known already, reverted, or really refused: what it means is for the facts to say.
    on.doubt();
    on.rejected = true;
    on.error = *said.refusal;
    return;
  }
  if (said.result != on.what.rollup_hash)
    return node_failed(now, fault::rubbish, "it answered another hash than that of the transaction");
  taken(now, on);
}

void machine::taken(time_point now, row& on) {
  on.at = row::phase::sent;
  on.rejected = false;
  if (on.sent_at == time_point{}) on.sent_at = now;
  on.checked_at = now;
  on.not_before = now;
  on.polls = 0;
  progress();
}

void machine::mined(time_point now, row& on, const reply& said) {
  if (!said.result.is_null()) {
    const auto of = read_receipt(said.result, on.what.rollup_hash);
    if (!of) return node_failed(now, fault::rubbish, "its answer is not the transaction's receipt");
    progress();
    if (!of->succeeded) {
      on.at = row::phase::reverted;
      if (on.error.empty()) on.error = "reverted";
      return;
    }
    if (!of->announced) return settle(on, {.how = settlement::what::failed, .error = "no NewTransaction event"});
    return settle(on, {.how = settlement::what::done, .rollup_id = *of->announced, .block = of->block});
  }
  if (on.at == row::phase::check_mined) {
    on.at = row::phase::check_next;
    return;
  }
  on.not_before = now + set_.receipt_poll.delay(++on.polls);
  if (!on.overdue && now - on.sent_at >= set_.patience) {
    on.overdue = true;
    out_.emplace_back(note{.what = note::kind::not_mined, .hash = on.what.hash});
  }
  if (now - on.checked_at >= set_.recheck) on.at = row::phase::check_used;
}

/// It has no receipt, and it is known where it stands among the account's nonces.
void machine::placed(time_point now, row& on, std::uint64_t next) {
  const bool rejected = std::exchange(on.rejected, false);
  switch (fate_of(on.nonce, on.used, next)) {
    case fate::replaced: return sign_again(on, "another transaction has its nonce");
    case fate::too_early: return sign_again(on, "its nonce is ahead of the account's");
    case fate::pending:
      on.at = row::phase::sent;
      if (on.sent_at == time_point{}) on.sent_at = now;
      on.checked_at = now;
      on.not_before = now + set_.receipt_poll.delay(std::max<std::size_t>(on.polls, 1));
      return;
    case fate::fits: break;
  }
  on.at = row::phase::send;
  if (!rejected) return;
  if (++on.rejections < set_.max_rejections) {
    on.not_before = now + set_.retry.delay(on.rejections);
    return;
  }
  // A node may refuse as known what it has and will never mine (Anvil: in a queue that nothing empties). Another
  // transaction with the same nonce takes its place: one of the two can be mined at most.
  if (on.what.hash != varied_row_) {
    varied_row_ = on.what.hash;
    ++variation_;
    return sign_again(on, "it was refused: " + on.error);
  }
  settle(on, {.how = settlement::what::failed, .error = on.error});
  doubt_rest();
}

/// Reverted: because the rollup has its id from other bytes, or for a reason of its own.
void machine::known(row& on, const reply& said) {
  if (said.result.is_array() && !said.result.empty() && said.result[0].is_object()) {
    const auto block = said.result[0].find("blockNumber");
    const auto number = block == said.result[0].end() ? std::nullopt : read_quantity(*block);
    return settle(on, {.how = settlement::what::done,
                       .rollup_id = on.what.hash,
                       .block = static_cast<std::int64_t>(number.value_or(0))});
  }
  settle(on, {.how = settlement::what::failed, .error = on.error});
}

void machine::settle(row& on, settlement outcome) {
  on.at = row::phase::settled;
  on.outcome = std::move(outcome);
  on.outcome.hash = on.what.hash;
  if (on.outcome.how == settlement::what::failed)
    out_.emplace_back(note{.what = note::kind::failed, .hash = on.what.hash, .text = on.outcome.error});
  out_.emplace_back(recorded{on.what.hash, on.outcome.how, on.what.age + (last_used_ - on.taken_at)});
}

void machine::sign_again(row& on, std::string why) {
  on.at = row::phase::again;
  on.outcome = {.hash = on.what.hash, .how = settlement::what::again, .error = why};
  out_.emplace_back(note{.what = note::kind::again, .hash = on.what.hash, .text = std::move(why)});
  doubt_rest();
}

/// The sequence of nonces is broken: none of those that the node does not have yet may be sent unseen.
void machine::doubt_rest() {
  if (next_nonce_) out_.emplace_back(note{.what = note::kind::resynced});
  next_nonce_.reset();
  for (auto& one : batch_)
    if (one.at == row::phase::send) one.doubt();
}

void machine::progress() {
  failures_ = 0;
  retried_ = false;
}

void machine::node_failed(time_point now, fault why, const std::string& text) {
  const bool reset_in_use = why == fault::broken && answered_once_ && !std::exchange(retried_, true);
  out_.emplace_back(note{.what = note::kind::fault, .why = why, .text = text});
  disconnect();
  for (auto& one : batch_) one.doubt();
  // A connection that was kept may have been closed by the node just as it was used: that says nothing about the node.
  if (reset_in_use) {
    retry_at_ = now;
    return;
  }
  ++failures_;
  const auto pause = set_.retry.delay(failures_);
  retry_at_ = now + std::chrono::duration_cast<duration>(pause * (0.5 + random_() / 2));
  if (tripped()) out_.emplace_back(let_go{});
  if (!std::exchange(lost_, true) || failures_ == set_.breaker_failures)
    out_.emplace_back(note{.what = note::kind::lost, .why = why, .text = text});
}

void machine::disconnect() {
  connected_ = false;
  answered_once_ = false;
  chain_id_.reset();
  has_contract_ = false;
  knows_batches_ = true;
  next_nonce_.reset();
  out_.emplace_back(hang_up{});
}

}  // namespace quorate::actors::web3
