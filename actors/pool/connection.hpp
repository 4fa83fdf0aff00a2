// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "actors/pool/messages.hpp"
#include "actors/pool/parts.hpp"

namespace quorate::actors::pooling {

/// Holds one session and runs one unit of work at a time on its own thread. Answers the requester itself, then reports
/// to the supervisor; a broken session is destroyed before it reports.
class connection {
 public:
  static constexpr const char* name = "connection";

  /// `alive` is held as long as there is something that counts against the limit.
  connection(caf::event_based_actor* self, parts_ptr shared, slot_id slot, caf::actor supervisor,
             std::shared_ptr<void> alive);
  caf::behavior make_behavior();

 private:
  void open(std::chrono::milliseconds timeout);
  void run(const run_work& what);
  run_report run_body(const run_work& what);

  caf::event_based_actor* self_;
  parts_ptr parts_;
  slot_id slot_;
  caf::actor supervisor_;
  std::shared_ptr<void> alive_;  // before the session, so that it is let go after it
  std::shared_ptr<db::session> session_;
};

}  // namespace quorate::actors::pooling
