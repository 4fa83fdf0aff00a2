// SPDX-License-Identifier: MIT
#pragma once

#include "actors/pool/messages.hpp"

namespace quorate::actors::pooling {

/// Sends cancel requests to the server, each of which is a connection of its own and blocks: on one thread, one at a
/// time, so that a thousand hang-ups do not become a thousand connections. The pool asks once per slot in use at a
/// time, so the queue is bounded by the pool's size; and no request is waited for longer than the message says, so that
/// a server that takes cancels and is silent does not hold up the next one.
class canceller {
 public:
  static constexpr const char* name = "canceller";

  canceller(caf::event_based_actor* self, caf::actor supervisor) : self_{self}, supervisor_{std::move(supervisor)} {}
  caf::behavior make_behavior();

 private:
  caf::event_based_actor* self_;
  caf::actor supervisor_;
};

}  // namespace quorate::actors::pooling
