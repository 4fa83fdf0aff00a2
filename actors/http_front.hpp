// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "actors/metrics.hpp"
#include "actors/request.hpp"
#include "actors/supervisor.hpp"
#include "actors/telemetry.hpp"

namespace quorate::actors {

struct front_settings {
  std::size_t in_flight = 4096;  // rpc calls at once over the whole process
  /// How long after a call's deadline the front itself answers it. The pool answers its own work in time, with a better
  /// reason; this is for calls that wait for something else.
  duration grace = std::chrono::milliseconds{250};
  duration sweep = std::chrono::milliseconds{500};
};

/// The way in for calls that need an actor: admission, one request actor per call, draining at shutdown. The object is
/// the thread-safe door; the actor behind it is a child of the supervisor. Calls of one io turn reach it as one
/// message.
class http_front final : public front {
 public:
  http_front(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
             front_settings settings);
  ~http_front() override;

  /// For the supervisor.
  child_spec child();

  bool admit() override;
  void leave() override;
  std::size_t in_flight() const override;
  bool draining() const override;
  std::shared_ptr<call_ticket> start(call_start call) override;

  /// Refuses new calls and waits for those in flight. `done` is called once, from the front's thread: when none is
  /// left, or after `deadline` (from now) with the rest answered errc::server_busy.
  void drain(duration deadline, std::function<void()> done);

  struct shared;  // detail

 private:
  std::shared_ptr<shared> shared_;
};

}  // namespace quorate::actors
