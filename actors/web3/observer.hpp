// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "actors/metrics.hpp"
#include "actors/web3/effects.hpp"
#include "actors/web3/machine.hpp"

namespace quorate::actors::web3 {

/// What the operator sees: quorate_rollup_* on /metrics, and the log.
class observer {
 public:
  explicit observer(metrics::registry& registry);

  void show(const figures& now);
  void connects() { connections_->add(); }
  void answered(duration took) { call_seconds_->observe(to_seconds(took)); }
  void settled(db::forwards::settlement::what how, duration age);
  void note(const web3::note& what);

 private:
  metrics::gauge *connected_, *breaker_, *holder_, *open_, *overdue_;
  metrics::counter *connections_, *done_, *failed_, *again_, *resynced_, *turns_failed_;
  metrics::counter *no_connection_, *timed_out_, *broken_, *rubbish_;
  metrics::counter* counter_of(fault how);
  metrics::histogram *call_seconds_, *delay_;
};

}  // namespace quorate::actors::web3
