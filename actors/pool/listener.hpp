// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "actors/pool/parts.hpp"
#include "db/notifications.hpp"

namespace quorate::actors::pooling {

/// Who hears of notifications. Called in the listener's thread; must not block: send a message. An empty payload means
/// that the connection is new and notifications may have been missed: look for yourself.
struct subscription {
  std::string channel;
  std::function<void(const db::notification&)> hear;
};

struct listen_again {};

/// Owns the one LISTEN connection, which is counted apart from the pool's. Detached: it waits on the socket, looking at
/// its mailbox once a second. Reconnects with full jitter, at most a second apart.
class listener {
 public:
  static constexpr const char* name = "listener";

  listener(caf::event_based_actor* self, parts_ptr shared, std::vector<subscription> subscriptions);
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  caf::behavior make_behavior();

 private:
  void connect();
  void wait();
  void deliver(const db::notification& n) const;

  caf::event_based_actor* self_;
  parts_ptr parts_;
  std::vector<subscription> subscriptions_;
  std::unique_ptr<db::listener> connection_;
  std::size_t failures_ = 0;
};

/// Spawns it; the subscriptions live as long as it does.
caf::actor spawn_listener(caf::actor_system& system, const parts_ptr& shared, std::vector<subscription> subscriptions);

}  // namespace quorate::actors::pooling

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::listen_again)
