// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "actors/metrics.hpp"
#include "actors/pool/pool.hpp"
#include "actors/submissions.hpp"

namespace quorate::actors {

struct submission_gateway_settings {
  std::size_t batch = 256;    // rows of one database transaction
  std::size_t in_flight = 1;  // database transactions at the same moment; more overlap their commits, but mix the order
  std::size_t waiting = 10'000;  // more are refused
};

/// Stores signed transactions by groups. One group travels at a time: whatever arrives meanwhile makes up the next one,
/// so that a lone one goes at once and a crowd shares its commits. What PostgreSQL refuses together is tried each by
/// itself: nobody fails for a neighbour.
class submission_gateway final : public submissions {
 public:
  using outcomes = std::vector<db::submissions::outcome>;
  using store_statement =
      std::function<result<outcomes>(db::transaction&, std::span<const db::submissions::submission>)>;

  /// `stored` is called after each commit that stored a transfer: there is work for the loops. Any thread.
  submission_gateway(pool& connections, metrics::registry& metrics, std::function<void()> stored,
                     submission_gateway_settings settings = {}, store_statement statement = default_statement());
  /// Answers what still waits.
  ~submission_gateway() override;

  void store(pending_submission one) override;

 private:
  static store_statement default_statement();

  struct shared;
  std::shared_ptr<shared> shared_;
};

}  // namespace quorate::actors
