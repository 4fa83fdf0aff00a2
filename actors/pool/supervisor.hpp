// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "actors/pool/messages.hpp"
#include "actors/pool/observer.hpp"
#include "actors/pool/parts.hpp"

namespace quorate::actors::pooling {

/// The only owner of connection actors: feeds the core with what happens and carries out what it decides. Event-based;
/// it never waits for anything. When it dies it answers everybody and hangs up on what still runs.
class supervisor {
 public:
  static constexpr const char* name = "pool_supervisor";

  supervisor(caf::event_based_actor* self, parts_ptr shared);
  ~supervisor();
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;
  caf::behavior make_behavior();

 private:
  struct link {
    caf::actor actor;
    std::weak_ptr<db::session> session;
  };

  void act();  // carries out what the core wants, until it wants nothing
  void carry_out(effect& e);
  void open(const open_slot& e);
  void cancel(const cancel_run& e);
  void start_canceller();
  void ask(const ask_lease& m);
  void down(const caf::down_msg& m);
  void arm();
  void on_tick();
  void count_foreign();
  time_point time() const { return now(self_); }

  caf::event_based_actor* self_;
  parts_ptr parts_;
  core core_;
  observer observer_;
  std::unordered_map<slot_id, link> connections_;
  caf::actor canceller_;
  std::unordered_set<slot_id> cancels_;  // asked of the canceller
  std::unordered_map<holder_id, caf::actor_addr> holders_;
  holder_id last_holder_ = 0;
  std::vector<std::shared_ptr<void>> drain_done_;
  std::optional<time_point> armed_;
  std::uint64_t tick_generation_ = 0;
  std::size_t foreign_ = 0;
};

}  // namespace quorate::actors::pooling
