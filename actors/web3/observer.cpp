// SPDX-License-Identifier: MIT
#include "actors/web3/observer.hpp"

#include "chain/log.hpp"

namespace quorate::actors::web3 {

const char* name(fault what) noexcept {
  switch (what) {
    case fault::none: return "none";
    case fault::connect: return "connect";
    case fault::timeout: return "timeout";
    case fault::broken: return "broken";
    case fault::rubbish: break;
  }
  return "rubbish";
}

namespace {

metrics::counter* outcome_counter(metrics::registry& m, const char* outcome) {
  return &m.counter("quorate_rollup_forwards_total",
                    "Transactions brought to the rollup: done, failed for good, or signed again with another nonce",
                    {{"outcome", outcome}});
}

metrics::counter* fault_counter(metrics::registry& m, fault why) {
  return &m.counter("quorate_rollup_faults_total", "Exchanges with the node that failed, by how",
                    {{"fault", name(why)}});
}

}  // namespace

observer::observer(metrics::registry& m)
    : connected_{&m.gauge("quorate_rollup_connected", "1 while the one connection to the node is open")},
      breaker_{&m.gauge("quorate_rollup_breaker", "0: the node is used; 1: it is away; 2: it is being tried")},
      holder_{&m.gauge("quorate_rollup_holder", "1 while this process is the one that forwards")},
      open_{&m.gauge("quorate_rollup_open", "Transactions that wait to be recorded, when last counted")},
      overdue_{&m.gauge("quorate_rollup_not_mined", "Transactions that the node took and has not mined for long")},
      connections_{&m.counter("quorate_rollup_connections_total", "Attempts to connect to the node")},
      done_{outcome_counter(m, "done")},
      failed_{outcome_counter(m, "failed")},
      again_{outcome_counter(m, "again")},
      resynced_{&m.counter("quorate_rollup_nonce_resyncs_total",
                           "Times that the account's nonce was not what it was thought to be")},
      turns_failed_{&m.counter("quorate_rollup_turn_errors_total", "Units of work of the forwarder that failed")},
      no_connection_{fault_counter(m, fault::connect)},
      timed_out_{fault_counter(m, fault::timeout)},
      broken_{fault_counter(m, fault::broken)},
      rubbish_{fault_counter(m, fault::rubbish)},
      call_seconds_{&m.histogram("quorate_rollup_call_seconds",
                                 "Calls of the node, connecting included; a series of sends is one")},
      delay_{&m.histogram("quorate_rollup_delay_seconds", "From a transaction's submission to its record")} {}

void observer::show(const figures& now) {
  connected_->set(now.connected ? 1 : 0);
  breaker_->set(static_cast<std::int64_t>(now.state));
  holder_->set(now.holder ? 1 : 0);
  open_->set(now.open);
  overdue_->set(static_cast<std::int64_t>(now.overdue));
}

metrics::counter* observer::counter_of(fault how) {
  switch (how) {
    case fault::connect: return no_connection_;
    case fault::timeout: return timed_out_;
    case fault::broken: return broken_;
    case fault::none:
    case fault::rubbish: break;
  }
  return rubbish_;
}

void observer::settled(db::forwards::settlement::what how, duration age) {
  (how == db::forwards::settlement::what::done ? done_ : failed_)->add();
  delay_->observe(to_seconds(age));
}

void observer::note(const web3::note& what) {
  using kind = web3::note::kind;
  constexpr auto component = "web3";
  switch (what.what) {
    case kind::reached: return log::event(log::level::info, component, "node reached", {{"node", what.text}});
    case kind::fault:
      counter_of(what.why)->add();
      return log::event(log::level::debug, component, "exchange failed",
                        {{"fault", name(what.why)}, {"error", what.text}});
    case kind::lost:
      return log::event(log::level::warning, component, "node lost; what is to be recorded waits",
                        {{"fault", name(what.why)}, {"error", what.text}});
    case kind::resynced: return resynced_->add();
    case kind::not_mined:
      return log::event(log::level::warning, component, "the node took a transaction and does not mine it",
                        {{"hash", what.hash}});
    case kind::again:
      again_->add();
      return log::event(log::level::info, component, "transaction will be signed again",
                        {{"hash", what.hash}, {"reason", what.text}});
    case kind::failed:
      return log::event(log::level::error, component, "transaction cannot be recorded",
                        {{"hash", what.hash}, {"error", what.text}});
    case kind::turn_failed:
      turns_failed_->add();
      return log::event(log::level::warning, component, "turn failed", {{"error", what.text}});
  }
}

}  // namespace quorate::actors::web3
