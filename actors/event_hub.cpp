// SPDX-License-Identifier: MIT
#include "actors/event_hub.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "actors/actor_ref.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/log_budget.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

/// What waits in the inbox: for a room, or for a feed.
struct room_message {
  std::string room;
  std::shared_ptr<const std::string> text;
};
struct feed_message {
  feed of;
  std::string item;
  log_keys keys;
};
using hub_message = std::variant<room_message, feed_message>;

std::size_t size_of(const hub_message& m) {
  if (const auto* to_room = std::get_if<room_message>(&m)) return to_room->text->size();
  return std::get<feed_message>(m).item.size();
}

struct watcher {
  sink_ptr who;
  std::string id;
  log_filter filter;
};

std::int64_t whole_seconds(std::chrono::system_clock::time_point at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

/// What the door and the actor have in common. It outlives any one actor.
struct event_hub::shared {
  using sinks = std::unordered_set<sink_ptr>;

  shared(caf::actor_system& s, telemetry& t, metrics::registry& m, event_hub_settings settings_now,
         event_hub_hooks with)
      : system{s},
        figures{t},
        settings{settings_now},
        hooks{std::move(with)},
        published{m.counter("quorate_events_published_total", "Events that somebody listens for, by kind",
                            {{"kind", "room"}})},
        noticed{m.counter("quorate_events_published_total", "Events that somebody listens for, by kind",
                          {{"kind", "feed"}})},
        delivered{m.counter("quorate_events_delivered_total", "Messages handed to sockets")},
        dropped{m.counter("quorate_events_dropped_total", "Events dropped because the hub was too far behind")},
        withheld{m.counter("quorate_call_logs_withheld_total", "Calls not told to everybody because there were many")},
        call_logs{settings.call_logs} {}

  /// Without an audience nothing is kept. True: the actor must be woken.
  bool put(hub_message m) {
    const auto size = size_of(m);
    const std::lock_guard lock{mutex};
    if (inbox.size() >= settings.inbox_messages || inbox_bytes + size > settings.inbox_bytes) {
      dropped.add();
      return false;
    }
    inbox_bytes += size;
    inbox.push_back(std::move(m));
    return inbox.size() == 1;
  }
  void post(hub_message m) {
    if (put(std::move(m))) actor.tell(to_event_hub::wake{});
  }
  void post_to_room(const std::string& room, const log_event& e) {
    if (!heard_in(room)) return;
    published.add();
    post(room_message{room, std::make_shared<const std::string>(to_text(e))});
  }
  void post_to_feed(feed of, std::string item, log_keys keys) {
    if (!watched(of)) return;
    noticed.add();
    post(feed_message{of, std::move(item), std::move(keys)});
  }

  bool has_audience() const { return listeners.load(std::memory_order_relaxed) != 0; }
  bool heard_in(const std::string& room) const {
    if (!has_audience()) return false;
    const std::lock_guard lock{mutex};
    return rooms.contains(room);
  }
  bool wants_call(const std::string& room) {
    if (!has_audience()) return false;
    const std::lock_guard lock{mutex};
    const auto found = rooms.find(room);
    if (found == rooms.end()) return false;
    if (room != broadcast_room || call_logs.take(found->second.size(), clock::now())) return true;
    withheld.add();
    return false;
  }
  bool watched(feed of) const { return watching[static_cast<std::size_t>(of)].load(std::memory_order_relaxed) != 0; }

  void status_changed(const db::change& c) {
    post_to_room(c.hash,
                 {.name = "transaction_status_updated",
                  .scope = "Consensus",
                  .message = c.status + ' ' + c.hash,
                  .data = fmt::format(R"({{"hash":"{0}","new_status":"{1}","status":"{1}"}})", c.hash, c.status),
                  .transaction_hash = c.hash});
    if (c.what != db::change::kind::stored) return;
    post_to_feed(feed::pending, '"' + c.hash + '"', {});
    if (hooks.stored && watched(feed::logs)) hooks.stored(c.hash);
  }
  void appealed(const std::string& hash) {
    post_to_room(std::string{broadcast_room}, {.name = "transaction_appeal_updated",
                                               .scope = "Consensus",
                                               .message = "Appeal of " + hash,
                                               .data = fmt::format(R"({{"hash":"{}"}})", hash)});
  }
  void window_changed(std::int64_t seconds) {
    post_to_room(std::string{broadcast_room}, {.name = "finality_window_time_updated",
                                               .message = fmt::format("Finality window: {} s", seconds),
                                               .data = fmt::format(R"({{"time":{}}})", seconds)});
  }

  // Under the mutex:
  void enter(const sink_ptr& who, const std::string& room) {
    if (!rooms[room].insert(who).second) return;
    rooms_of[who.get()].insert(room);
    listeners.store(rooms_of.size(), std::memory_order_relaxed);
  }
  void quit_room(const sink_ptr& who, const std::string& room) {
    const auto found = rooms.find(room);
    if (found == rooms.end() || found->second.erase(who) == 0) return;
    if (found->second.empty()) rooms.erase(found);
  }
  void forget_feeds(const sink_ptr& who) {
    for (std::size_t i = 0; i < feeds; ++i) {
      std::erase_if(watchers[i], [&](const watcher& w) { return w.who == who; });
      watching[i].store(watchers[i].size(), std::memory_order_relaxed);
    }
  }
  void forget(const sink_ptr& who) {
    const auto known = rooms_of.find(who.get());
    if (known != rooms_of.end()) {
      for (const auto& room : known->second) quit_room(who, room);
      rooms_of.erase(known);
      listeners.store(rooms_of.size(), std::memory_order_relaxed);
    }
    forget_feeds(who);
  }

  caf::actor_system& system;
  telemetry& figures;
  const event_hub_settings settings;
  const event_hub_hooks hooks;
  metrics::counter &published, &noticed, &delivered, &dropped, &withheld;

  actor_ref actor;
  std::atomic<std::uint64_t> last_id{0};
  std::atomic<std::size_t> listeners{0};  // sinks in any room
  std::array<std::atomic<std::size_t>, feeds> watching{};
  mutable std::mutex mutex;
  // Under the mutex:
  std::vector<hub_message> inbox;
  std::size_t inbox_bytes = 0;
  log_budget call_logs;
  std::unordered_map<std::string, sinks> rooms;
  std::unordered_map<event_sink*, std::unordered_set<std::string>> rooms_of;
  std::array<std::vector<watcher>, feeds> watchers;
};

namespace {

class event_hub_state {
 public:
  static constexpr const char* name = "event_hub";

  event_hub_state(caf::event_based_actor* self, std::shared_ptr<event_hub::shared> shared)
      : self_{self}, shared_{std::move(shared)} {}

  caf::behavior make_behavior() {
    // What was waiting while a predecessor died.
    send(self_, self_, to_event_hub::wake{});
    send(self_, self_, to_event_hub::heads{});
    return {
        [this](const to_event_hub::wake&) { tell_all(); },
        [this](const to_event_hub::heads&) {
          if (!ticking_) begin_heads();
        },
        [this](const to_event_hub::second& m) {
          if (m.tick == tick_) tell_heads();
        },
    };
  }

 private:
  void tell_all() {
    std::vector<hub_message> messages;
    {
      const std::lock_guard lock{shared_->mutex};
      messages.swap(shared_->inbox);
      shared_->inbox_bytes = 0;
    }
    for (const auto& m : messages) std::visit([this](const auto& one) { deliver(one); }, m);
  }

  void deliver(const room_message& m) {
    std::vector<sink_ptr> audience;
    {
      const std::lock_guard lock{shared_->mutex};
      const auto found = shared_->rooms.find(m.room);
      if (found == shared_->rooms.end()) return;
      audience.assign(found->second.begin(), found->second.end());
    }
    for (const auto& who : audience) hand(who, m.text);
  }

  void deliver(const feed_message& m) {
    std::vector<watcher> audience;
    {
      const std::lock_guard lock{shared_->mutex};
      audience = shared_->watchers[static_cast<std::size_t>(m.of)];
    }
    for (const auto& w : audience) {
      if (w.filter && !w.filter(m.keys)) continue;
      hand(w.who, std::make_shared<const std::string>(
                      fmt::format(R"({{"jsonrpc":"2.0","method":"eth_subscription","params":{{"subscription":"{}",)"
                                  R"("result":{}}}}})",
                                  w.id, m.item)));
    }
  }

  void hand(const sink_ptr& who, const std::shared_ptr<const std::string>& text) {
    if (who->push(text)) return shared_->delivered.add();
    const std::lock_guard lock{shared_->mutex};
    shared_->forget(who);
  }

  // -- heads: a block is told of when its second is over, so that whoever then asks for it sees all of it -----------

  void begin_heads() {
    if (!shared_->watched(feed::heads)) return;
    ticking_ = true;
    told_ = whole_seconds(shared_->hooks.now()) - 1;
    arm();
  }

  void arm() {
    const auto since = shared_->hooks.now().time_since_epoch();
    const auto next = std::chrono::floor<std::chrono::seconds>(since) + std::chrono::seconds{1};
    send_later(self_, std::chrono::duration_cast<duration>(next - since), to_event_hub::second{++tick_});
  }

  void tell_heads() {
    if (!shared_->watched(feed::heads)) {
      ticking_ = false;
      return;
    }
    const auto newest = whole_seconds(shared_->hooks.now()) - 1;
    for (auto n = std::max(told_ + 1, newest - shared_->settings.heads_at_once + 1); n <= newest; ++n) {
      shared_->noticed.add();
      deliver(feed_message{feed::heads, shared_->hooks.head(n), {}});
    }
    // A clock that was set back begins anew.
    told_ = newest;
    arm();
  }

  caf::event_based_actor* self_;
  std::shared_ptr<event_hub::shared> shared_;
  bool ticking_ = false;
  std::uint64_t tick_ = 0;
  std::int64_t told_ = 0;
};

}  // namespace

event_hub::event_hub(caf::actor_system& system, telemetry& figures, metrics::registry& metrics,
                     event_hub_settings settings, event_hub_hooks hooks)
    : shared_{std::make_shared<shared>(system, figures, metrics, settings, std::move(hooks))} {
  metrics.gauge_callback("quorate_event_rooms", "Rooms that somebody is in", {}, [s = shared_] {
    const std::lock_guard lock{s->mutex};
    return static_cast<double>(s->rooms.size());
  });
  metrics.gauge_callback("quorate_event_subscriptions", "Subscriptions of eth_subscribe", {}, [s = shared_] {
    std::size_t sum = 0;
    for (const auto& one : s->watching) sum += one.load(std::memory_order_relaxed);
    return static_cast<double>(sum);
  });
}

event_hub::~event_hub() { actors::stop(shared_->actor.get()); }

child_spec event_hub::child() {
  return {event_hub_state::name,
          [s = shared_] {
            return spawn_state<event_hub_state>(s->system, {.probe = s->figures.watch(event_hub_state::name)}, s);
          },
          [s = shared_](const caf::actor& current) { s->actor.set(current); }, false};
}

std::function<void(const db::notification&)> event_hub::hearer() const {
  return [s = shared_](const db::notification& n) {
    // Empty: the connection is new. What was missed cannot be known.
    if (n.payload.empty()) return;
    const auto c = db::parse_change(n.payload);
    if (!c) return log::event(log::level::debug, event_hub_state::name, "unknown notification");
    switch (c->what) {
      case db::change::kind::stored:
      case db::change::kind::status: return s->status_changed(*c);
      case db::change::kind::appeal: return s->appealed(c->hash);
      case db::change::kind::window: return s->window_changed(c->seconds);
      case db::change::kind::validator_created:
      case db::change::kind::validator_updated:
      case db::change::kind::validator_deleted:
      case db::change::kind::validators_deleted:
        if (s->hooks.validators && s->heard_in(std::string{broadcast_room})) s->hooks.validators(*c);
        return;
    }
  };
}

bool event_hub::has_audience() const { return shared_->has_audience(); }

bool event_hub::heard_in(const std::string& room) const { return shared_->heard_in(room); }

bool event_hub::wants_call(const std::string& room) { return shared_->wants_call(room); }

void event_hub::publish(const std::string& room, const log_event& e) { shared_->post_to_room(room, e); }

void event_hub::publish(feed of, const std::string& item, const log_keys& keys) {
  shared_->post_to_feed(of, item, keys);
}

void event_hub::join(const sink_ptr& who, const std::string& room) {
  const std::lock_guard lock{shared_->mutex};
  shared_->enter(who, room);
}

void event_hub::leave(const sink_ptr& who, const std::string& room) {
  const std::lock_guard lock{shared_->mutex};
  const auto known = shared_->rooms_of.find(who.get());
  if (known == shared_->rooms_of.end() || known->second.erase(room) == 0) return;
  shared_->quit_room(who, room);
  if (known->second.empty()) shared_->rooms_of.erase(known);
  shared_->listeners.store(shared_->rooms_of.size(), std::memory_order_relaxed);
}

std::string event_hub::new_id() { return fmt::format("0x{:x}", shared_->last_id.fetch_add(1) + 1); }

void event_hub::watch(const sink_ptr& who, const std::string& id, feed of, log_filter filter) {
  const auto index = static_cast<std::size_t>(of);
  bool first;
  {
    const std::lock_guard lock{shared_->mutex};
    auto& list = shared_->watchers[index];
    first = list.empty();
    list.push_back({who, id, std::move(filter)});
    shared_->watching[index].store(list.size(), std::memory_order_relaxed);
  }
  if (first && of == feed::heads) shared_->actor.tell(to_event_hub::heads{});
}

bool event_hub::unwatch(const sink_ptr& who, const std::string& id) {
  const std::lock_guard lock{shared_->mutex};
  for (std::size_t i = 0; i < feeds; ++i) {
    auto& list = shared_->watchers[i];
    const auto gone = std::erase_if(list, [&](const watcher& w) { return w.who == who && w.id == id; });
    shared_->watching[i].store(list.size(), std::memory_order_relaxed);
    if (gone != 0) return true;
  }
  return false;
}

void event_hub::forget(const sink_ptr& who) {
  const std::lock_guard lock{shared_->mutex};
  shared_->forget(who);
}

}  // namespace quorate::actors
