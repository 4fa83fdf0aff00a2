// SPDX-License-Identifier: MIT
#include "actors/web3/machine.hpp"

#include <algorithm>
#include <utility>

#include "chain/consensus_main.hpp"
#include "chain/signed_transaction.hpp"

namespace quorate::actors::web3 {

namespace {

constexpr std::uint64_t max_variation = 1'000;  // of the gas limit

/// Signs a call with one nonce after another. Pure: the database transaction it runs in may be repeated.
db::forwards::signer make_signer(const settings& with, std::uint64_t gas, std::uint64_t chain_id,
                                 std::uint64_t first_nonce) {
  return [key = with.key, contract = with.contract, gas, chain_id, first_nonce](
             const db::forwards::forward& row, std::size_t index) -> result<db::forwards::signed_call> {
    chain::transaction_fields fields;
    fields.chain_id = chain_id;
    fields.nonce = first_nonce + index;
    fields.gas = gas;
    fields.to = contract;
    fields.data = row.call;
    auto raw = chain::sign_transaction(fields, key);
    if (!raw) return tl::unexpected{std::move(raw.error())};
    auto hash = chain::to_hex_0x(chain::keccak256(*raw));
    return db::forwards::signed_call{std::move(*raw), std::move(hash)};
  };
}

/// The filter that finds the event of this id, whatever transaction brought it.
chain::json search_for(const std::string& id, const chain::address20& contract) {
  chain::json filter{{"fromBlock", "0x0"}, {"toBlock", "latest"}, {"address", chain::to_hex_0x(contract)}};
  filter["topics"] = chain::json::array({chain::to_hex_0x(chain::new_transaction_topic()), id});
  return filter;
}

}  // namespace

machine::machine(settings with, std::function<double()> random)
    : set_{std::move(with)},
      account_{chain::address_of(set_.key).value_or(chain::address20{})},
      random_{std::move(random)} {}

effects machine::start(time_point now) {
  poll_at_ = now;
  step(now);
  return take();
}

effects machine::nudge(time_point now) {
  wanted_ = true;
  step(now);
  return take();
}

effects machine::woke(time_point now) {
  step(now);
  return take();
}

effects machine::stop(time_point now) {
  stopping_ = true;
  if (doing_ == doing::connecting || doing_ == doing::calling) doing_ = doing::nothing;
  if (connected_ || doing_ == doing::nothing) disconnect();
  step(now);
  return take();
}

effects machine::left() {
  if (std::exchange(doing_, doing::over) != doing::over) out_.emplace_back(stopped{});
  return take();
}

figures machine::look() const {
  figures out;
  out.connected = connected_;
  if (tripped())
    out.state = doing_ == doing::connecting || connected_ ? figures::breaker::half_open : figures::breaker::open;
  out.holder = lease_until_ != time_point{};
  out.open = open_;
  out.overdue = static_cast<std::size_t>(
      std::count_if(batch_.begin(), batch_.end(), [](const row& one) { return one.overdue && one.on_its_way(); }));
  return out;
}

// -- what to do next --------------------------------------------------------------------------------------------------

void machine::step(time_point now) {
  if (doing_ != doing::nothing) return;
  if (stopping_) return begin_leave();
  if (lease_until_ != time_point{} && !held(now)) {
    // Others may be at work on these rows by now: whatever becomes of them, it is no longer said by this list.
    lease_until_ = {};
    batch_.clear();
    wanted_ = true;
  }
  if (row* const on = next_row()) return work(now, *on);
  close_batch();
  idle(now);
}

/// Nothing is on its way: settle what is decided, ask for more, or rest.
void machine::idle(time_point now) {
  // Before the node does so, perhaps just when it is used again.
  if (connected_ && now - last_used_ >= set_.idle_close) disconnect();
  if (now < turn_after_) return wake(turn_after_);
  if (!settled_.empty()) return begin_turn(now, purpose::hold);
  if (tripped()) {
    // Another process may have a better way to the node: the lease is not asked for until this one has, too.
    if (!connected_ && (wanted_ || now >= poll_at_)) return begin_turn(now, purpose::count);
    if (open_ == 0) return rest();
    if (!ready(now)) return;
    wanted_ = true;
  }
  if (wants_sign_) {
    if (!ready(now)) return;
    if (!next_nonce_)
      return ask(question::own_nonce, "eth_getTransactionCount", {chain::to_hex_0x(account_), "pending"});
  }
  if (wants_sign_ || wanted_ || now >= poll_at_) return begin_turn(now, purpose::hold);
  rest();
}

void machine::rest() { wake(connected_ ? std::min(poll_at_, last_used_ + set_.idle_close) : poll_at_); }

/// The next question about one row.
void machine::work(time_point now, row& on) {
  if (!ready(now)) return;
  if (now >= renew_at()) {
    if (now >= turn_after_) return begin_turn(now, purpose::renew);
    if (lease_until_ - now < set_.call_timeout) return wake(std::min(turn_after_, lease_until_));
  }
  if (on.chain_id != *chain_id_) {
    sign_again(on, "it was signed for another chain");
    return step(now);
  }
  if (now < on.not_before) return wake(now < renew_at() ? std::min(on.not_before, renew_at()) : on.not_before);
  asked_row_ = static_cast<std::size_t>(&on - batch_.data());
  switch (on.at) {
    case row::phase::check_used:
      return ask(question::used, "eth_getTransactionCount", {chain::to_hex_0x(on.account), "latest"});
    case row::phase::sent:
      if (knows_batches_) return ask_receipts(now);
      [[fallthrough]];
    case row::phase::check_mined:
      return ask(question::mined, "eth_getTransactionReceipt", chain::json::array({on.what.rollup_hash}));
    case row::phase::check_next:
      return ask(question::next, "eth_getTransactionCount", {chain::to_hex_0x(on.account), "pending"});
    case row::phase::send: return send_rows(now, on);
    case row::phase::reverted:
      return ask(question::known, "eth_getLogs", chain::json::array({search_for(on.what.hash, set_.contract)}));
    case row::phase::settled:
    case row::phase::again: break;
  }
}

/// In order, because their nonces are: the first that is not with the node yet; when there is none, the first that has
/// no receipt.
row* machine::next_row() {
  const auto find = [this](auto wanted) {
    const auto found = std::find_if(batch_.begin(), batch_.end(), wanted);
    return found == batch_.end() ? nullptr : &*found;
  };
  if (row* const open = find([](const row& one) { return one.on_its_way() && one.at != row::phase::sent; }))
    return open;
  return find([](const row& one) { return one.at == row::phase::sent; });
}

void machine::close_batch() {
  for (auto& one : batch_) settled_.push_back(std::move(one.outcome));
  batch_.clear();
}

bool machine::ready(time_point now) {
  if (!connected_ && now < retry_at_) {
    wake(retry_at_);
    return false;
  }
  if (!connected_) {
    doing_ = doing::connecting;
    out_.emplace_back(connect_node{++ticket_});
    return false;
  }
  if (!chain_id_)
    ask(question::chain_id, "eth_chainId", chain::json::array());
  else if (!has_contract_)
    ask(question::code, "eth_getCode", {chain::to_hex_0x(set_.contract), "latest"});
  else
    return true;
  return false;
}

void machine::ask(question what, std::string_view method, const chain::json& params) {
  call(what, method, {.bodies = {request_text(++request_, method, params)}});
}

void machine::call(question what, std::string_view method, series with) {
  doing_ = doing::calling;
  asked_ = what;
  with.timeout = set_.call_timeout;
  out_.emplace_back(call_node{++ticket_, std::string{method}, std::move(with)});
}

/// One after another, as long as the node takes them: what it answers is known beforehand, it is the hash. It saves the
/// way from the link to this actor and back, which takes as long as a fast node.
void machine::send_rows(time_point now, row& first) {
  series all;
  all.until = renew_at();
  std::vector<std::string> hashes;
  asked_rows_.clear();
  for (auto i = static_cast<std::size_t>(&first - batch_.data()); i < batch_.size(); ++i) {
    const auto& one = batch_[i];
    if (one.at != row::phase::send || now < one.not_before || one.chain_id != *chain_id_) break;
    asked_rows_.push_back(i);
    hashes.push_back(one.what.rollup_hash);
    all.bodies.push_back(request_text(request_ + hashes.size(), "eth_sendRawTransaction",
                                      chain::json::array({chain::to_hex_0x(one.what.raw)})));
  }
  all.expected = [first_id = request_ + 1, hashes](std::size_t i, const std::string& text) {
    const auto said = read_reply(text, first_id + i);
    return said && !said->refusal && said->result == hashes[i];
  };
  request_ += hashes.size();
  call(question::send, "eth_sendRawTransaction", std::move(all));
}

/// Of everything that was sent, in one exchange: half of all waiting for the node is over receipts.
void machine::ask_receipts(time_point now) {
  std::vector<chain::json> hashes;
  asked_rows_.clear();
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    if (batch_[i].at != row::phase::sent || now < batch_[i].not_before) continue;
    asked_rows_.push_back(i);
    hashes.push_back(chain::json::array({batch_[i].what.rollup_hash}));
  }
  constexpr auto method = "eth_getTransactionReceipt";
  auto body = batch_text(request_ + 1, method, hashes);
  request_ += hashes.size();
  call(question::all_mined, method, {.bodies = {std::move(body)}});
}

void machine::wake(time_point when) {
  alarm_ = when;
  out_.emplace_back(wake_at{when});
}

// -- the outbox -------------------------------------------------------------------------------------------------------

void machine::begin_turn(time_point now, purpose why) {
  doing_ = doing::turning;
  turn_why_ = why;
  turn_began_ = now;
  turn_nonce_.reset();
  db::forwards::turn what{.holder = set_.holder, .lease = set_.lease};
  what.hold = why != purpose::count;
  what.limit = why == purpose::hold ? set_.batch : 0;
  if (why == purpose::hold) {
    in_turn_ = std::exchange(settled_, {});
    what.settled = in_turn_;
    if (connected_ && chain_id_) turn_nonce_ = next_nonce_;
    if (turn_nonce_) what.sign = make_signer(set_, set_.gas - variation_ % max_variation, *chain_id_, *turn_nonce_);
  }
  if (why != purpose::renew) {
    wanted_ = false;
    poll_at_ = now + set_.poll;
  }
  out_.emplace_back(run_turn{++ticket_, std::move(what)});
}

effects machine::turned(time_point now, ticket id, result<db::forwards::turn_report> report) {
  if (id != ticket_ || doing_ != doing::turning) return take();
  doing_ = doing::nothing;
  auto settled = std::exchange(in_turn_, {});
  if (report) {
    turn_failures_ = 0;
    open_ = report->open;
    if (turn_why_ != purpose::count) leased(now, *report);
    if (turn_why_ == purpose::hold && report->held) take_rows(now, report->rows);
  } else {
    // It may have been committed for all that. Settling twice is harmless; what was signed comes back as such.
    settled_ = std::move(settled);
    next_nonce_.reset();
    wanted_ = true;
    turn_after_ = now + set_.retry.delay(++turn_failures_);
    out_.emplace_back(note{.what = note::kind::turn_failed, .text = report.error().detail});
  }
  step(now);
  return take();
}

void machine::leased(time_point now, const db::forwards::turn_report& report) {
  lease_until_ = report.held ? turn_began_ + set_.lease : time_point{};
  if (report.held) return;
  if (has_contract_) failures_ = 0;  // it answers, and nothing is left to find out by sending
  batch_.clear();
  wants_sign_ = false;
  next_nonce_.reset();
  poll_at_ = turn_after_ = now + std::clamp<duration>(report.held_for, std::chrono::milliseconds{10}, set_.poll);
}

void machine::take_rows(time_point now, std::vector<db::forwards::forward>& rows) {
  // Some were left behind when there was no nonce to sign them with.
  wants_sign_ = rows.empty() && open_ > 0 && !turn_nonce_;
  if (!rows.empty()) wanted_ = true;  // and more may wait
  if (stopping_) return;
  for (auto& one : rows) {
    const bool fresh = one.fresh;
    batch_.push_back(make_row(std::move(one), chain_id_.value_or(0), turn_nonce_.value_or(0), account_));
    batch_.back().taken_at = now;
    if (fresh) next_nonce_ = ++*turn_nonce_;
  }
}

void machine::begin_leave() {
  doing_ = doing::leaving;
  for (auto& one : batch_)
    if (!one.on_its_way()) settled_.push_back(std::move(one.outcome));
  batch_.clear();
  out_.emplace_back(run_leave{set_.holder, std::exchange(settled_, {})});
}

}  // namespace quorate::actors::web3
