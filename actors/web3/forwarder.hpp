// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "actors/metrics.hpp"
#include "actors/pool/pool.hpp"
#include "actors/supervisor.hpp"
#include "actors/telemetry.hpp"
#include "actors/web3/link.hpp"
#include "actors/web3/settings.hpp"
#include "db/forwards.hpp"
#include "db/notifications.hpp"

namespace quorate::actors::web3 {

/// What the actor does to the database; db/ itself outside of tests.
struct forward_statements {
  std::function<result<db::forwards::turn_report>(db::transaction&, const db::forwards::turn&)> take_turn =
      db::forwards::take_turn;
  std::function<status(db::transaction&, std::string_view, const std::vector<db::forwards::settlement>&)> leave =
      db::forwards::leave;
};

/// The door to the web3 actor, which brings the outbox onto the rollup (machine.hpp says how). Thread-safe; the actor
/// behind it is a child of the supervisor. It holds a database connection for one turn at a time and never while it
/// waits for the node.
class forwarder {
 public:
  /// `connection`: used by this actor alone. `random`: in [0, 1), any thread.
  forwarder(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics, settings with,
            std::shared_ptr<link> connection, std::function<double()> random, forward_statements statements = {});
  ~forwarder();

  /// For the supervisor.
  child_spec child();

  /// There may be new rows: look now. The second form may outlive the forwarder, as a listener thread does.
  void wake();
  std::function<void(const db::notification&)> hearer() const;
  /// Calls `then`, from the actor's thread, when the transaction is on the rollup, when that has failed for good, or
  /// when the node is away. Maybe never: whoever waits bounds the wait by `until`, after which it is forgotten.
  void await(std::string hash, time_point until, std::function<void()> then);
  /// Hangs up and gives the lease to another process. `done` is called once, from any thread. Before the pool drains.
  void stop(std::function<void()> done);

  struct parts;  // detail

 private:
  std::shared_ptr<parts> parts_;
};

}  // namespace quorate::actors::web3
