// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "actors/metrics.hpp"
#include "actors/pool/core.hpp"

namespace quorate::actors::pooling {

/// Turns what the core notes into metrics and, with `echo` on, into one log line each (docs/spec/seed.md S3). Trouble
/// is logged in any case. Used by the supervisor alone.
class observer {
 public:
  explicit observer(metrics::registry& registry);

  void saw(const note& n, const core& pool);
  void cancel_done(bool sent);
  /// After each round of events: gauges.
  void update(const core::gauges& at);

 private:
  struct of_class {
    metrics::gauge* waiters = nullptr;
    metrics::histogram *acquire = nullptr, *lease = nullptr;
  };
  std::array<of_class, work_classes> classes_;
  std::array<metrics::gauge*, 4> connections_{};  // idle, leased, connecting, closing
  std::array<metrics::counter*, 5> acquired_{};
  std::array<metrics::counter*, 7> closed_{};
  metrics::gauge *max_, *breaker_, *generation_;
  metrics::histogram* connect_;
  metrics::counter *leaks_, *cancels_sent_, *cancels_skipped_, *connect_failures_;
};

}  // namespace quorate::actors::pooling
