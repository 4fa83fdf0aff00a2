// SPDX-License-Identifier: MIT
#include "actors/pool/canceller.hpp"

#include "chain/log.hpp"

namespace quorate::actors::pooling {

caf::behavior canceller::make_behavior() {
  return {
      [this](const cancel_on_server& m) {
        // What is over by now needs none; what has not begun sees that it is answered and does not begin.
        const auto session = m.work->progress() == job::phase::running ? m.session.lock() : nullptr;
        if (session && !session->cancel(m.patience))
          log::event(log::level::warning, "pool", "cancel not delivered", {{"slot", m.slot}});
        send(self_, supervisor_, cancel_done{m.slot, session != nullptr});
      },
  };
}

}  // namespace quorate::actors::pooling
