// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What happens in the process and on its database, told to whoever listens (docs/spec/json-rpc.md §4).
namespace quorate::actors {

/// Who hears: one socket. Thread-safe; its address is its identity.
class event_sink {
 public:
  virtual ~event_sink() = default;
  /// One message, whole. Never blocks. False: it takes no more, because it is gone or was too slow; forget it.
  virtual bool push(std::shared_ptr<const std::string> text) = 0;
};
using sink_ptr = std::shared_ptr<event_sink>;

/// Joined by every socket when it connects.
inline constexpr std::string_view broadcast_room = "__broadcast__";
/// The key under which a topic's room is kept: addresses in EIP-55 case and hashes in lower case, however a client
/// spells them (decisions.md Q18); every other topic as it is.
std::string room_of(std::string_view topic);

/// The envelope of docs/spec/json-rpc.md §4.2.
struct log_event {
  std::string name;
  std::string type = "info";  // debug, info, success, warning, error
  std::string scope = "RPC";  // RPC, GenVM, Consensus, Transaction
  std::string message = {};
  std::string data = "null";  // JSON text
  std::optional<std::string> transaction_hash = {}, client_id = {}, account_address = {};
  bool bare = false;  // no envelope: `data` alone is the event's data (§4.4, validators)
};
/// `{"event":…,"data":{…}}`, as it goes to a socket.
std::string to_text(const log_event& e);

/// What Ethereum's clients subscribe to.
enum class feed : std::uint8_t { heads, pending, logs };
inline constexpr std::size_t feeds = 3;

/// What a log is chosen by; addresses and topics in lower case.
struct log_keys {
  std::string address;
  std::vector<std::string> topics;
};
/// Empty: every one.
using log_filter = std::function<bool(const log_keys&)>;

/// The way into the hub. Thread-safe. A subscription holds from the moment its call returns; messages to one sink come
/// in the order of publishing.
class events {
 public:
  virtual ~events() = default;

  /// Somebody is in some room. One atomic.
  virtual bool has_audience() const = 0;
  /// Somebody is in that room. Cheap while there is no audience at all. Ask before putting an event into words.
  virtual bool heard_in(const std::string& room) const = 0;
  /// The same for what is told of a call. To everybody only so many calls a second are told: each question counts.
  virtual bool wants_call(const std::string& room) = 0;
  /// To everybody in the room. Never blocks.
  virtual void publish(const std::string& room, const log_event& e) = 0;
  /// To every watcher of the feed; `item` is the JSON text of the notification's `result`. `keys`: of a log.
  virtual void publish(feed of, const std::string& item, const log_keys& keys) = 0;

  /// Joining twice is joining once.
  virtual void join(const sink_ptr& who, const std::string& room) = 0;
  virtual void leave(const sink_ptr& who, const std::string& room) = 0;
  /// A name for a subscription to come, unlike all others of this process.
  virtual std::string new_id() = 0;
  virtual void watch(const sink_ptr& who, const std::string& id, feed of, log_filter filter) = 0;
  /// False: this sink has no subscription of that name.
  virtual bool unwatch(const sink_ptr& who, const std::string& id) = 0;
  /// Out of every room and feed.
  virtual void forget(const sink_ptr& who) = 0;
};

}  // namespace quorate::actors
