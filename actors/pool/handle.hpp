// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "actors/actor_ref.hpp"
#include "actors/pool/messages.hpp"
#include "actors/pool/parts.hpp"
#include "actors/pool/pool.hpp"

namespace quorate::actors {

/// The way into the pool supervisor for everybody else. Made before the actor system and outlives it; survives the
/// supervisor's restarts. While there is no supervisor, work is answered at once with errc::database_unavailable.
class pool_handle final : public pool {
 public:
  explicit pool_handle(pooling::parts_ptr shared) : parts_{std::move(shared)} {}

  /// Spawns the supervisor; publish() its handle before anything is submitted.
  caf::actor spawn(caf::actor_system& system) const;
  /// Where messages go from now on; an empty handle at shutdown.
  void publish(const caf::actor& supervisor) { supervisor_.set(supervisor); }

  void submit(job_ptr work) override;
  void cancel(job_ptr work) override;
  void inspect(std::function<void(pool_snapshot)> done) override;
  void configure(pool_settings settings, std::function<void(status)> done) override;
  void adjust(std::function<result<pool_settings>(pool_settings)> change, std::function<void(status)> done) override;
  void pause() override;
  void resume() override;
  void drain(time_point deadline, std::function<void()> done) override;
  void evict() override;

  /// For actors: `holder` is answered with lease_granted or lease_refused (actors/pool/messages.hpp), and is watched
  /// from now on until nothing of it is left in the pool.
  void lease(caf::event_based_actor* holder, const pooling::ask_lease& what) const;
  void step(lease_id id, job_ptr work) const;
  void release(lease_id id) const;

 private:
  pooling::parts_ptr parts_;
  actor_ref supervisor_;
};

}  // namespace quorate::actors
