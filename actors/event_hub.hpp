// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "actors/events.hpp"
#include "actors/metrics.hpp"
#include "actors/supervisor.hpp"
#include "actors/telemetry.hpp"
#include "db/notifications.hpp"

namespace quorate::actors {

struct event_hub_settings {
  /// What waits to be told when the hub falls behind; beyond it, events are dropped and counted.
  std::size_t inbox_messages = 65'536;
  std::size_t inbox_bytes = 32u << 20;
  /// Heads of seconds that passed unseen (the process was stopped, the clock was set) are told up to so many.
  std::int64_t heads_at_once = 16;
  /// Calls told to everybody, times the sockets that hear them, per second; see log_budget.
  std::size_t call_logs = 20'000;
};

/// What the hub needs that lower folders do not know.
struct event_hub_hooks {
  std::function<std::chrono::system_clock::time_point()> now;
  /// A block's head as Ethereum's clients read it: JSON text of the block of that second.
  std::function<std::string(std::int64_t second)> head;
  /// A transaction has just been stored and somebody watches logs: tell them, by and by. Any thread; must not block.
  std::function<void(const std::string& hash)> stored = {};
  /// Validators have changed and somebody would hear of it: tell them, by and by. Any thread; must not block.
  std::function<void(const db::change&)> validators = {};
};

/// Tells events to the sockets that want them. The object is the thread-safe door: rooms and subscriptions change under
/// its lock at once, what is published goes into an inbox of bounded size. The actor behind it, a child of the
/// supervisor, empties the inbox and hands every message to each listener, so no publisher ever pays for an audience. A
/// listener that takes no more is forgotten; none waits for another.
///
/// Status changes come from PostgreSQL: the statement that changes a status notifies in the same transaction. So every
/// process on the database hears of every change, after its COMMIT and in the order of the commits. What happens while
/// the listening connection is lost is not told afterwards.
class event_hub final : public events {
 public:
  event_hub(caf::actor_system& system, telemetry& figures, metrics::registry& metrics, event_hub_settings settings,
            event_hub_hooks hooks);
  ~event_hub() override;

  /// For the supervisor.
  child_spec child();
  /// What the listener hears on db::channels::events, for a caller that may outlive the hub, as a listener thread does.
  std::function<void(const db::notification&)> hearer() const;

  bool has_audience() const override;
  bool heard_in(const std::string& room) const override;
  bool wants_call(const std::string& room) override;
  void publish(const std::string& room, const log_event& e) override;
  void publish(feed of, const std::string& item, const log_keys& keys) override;
  void join(const sink_ptr& who, const std::string& room) override;
  void leave(const sink_ptr& who, const std::string& room) override;
  std::string new_id() override;
  void watch(const sink_ptr& who, const std::string& id, feed of, log_filter filter) override;
  bool unwatch(const sink_ptr& who, const std::string& id) override;
  void forget(const sink_ptr& who) override;

  struct shared;  // detail

 private:
  std::shared_ptr<shared> shared_;
};

}  // namespace quorate::actors
