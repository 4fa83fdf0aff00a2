// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/events.hpp"
#include "actors/reads.hpp"
#include "actors/request.hpp"

/// The actors as the JSON-RPC side sees them, without an actor system: what would be a message is a call, one thread.
namespace quorate::tests {

/// Answers from a map; with `hold` set, when the test says so.
class fake_reads final : public actors::reads {
 public:
  void read(actors::pending_read one) override;
  /// Answers every read that waits.
  void release();
  std::size_t waiting() const { return waiting_.size(); }

  std::map<std::pair<db::read_kind, std::string>, db::read_value> rows;
  std::vector<actors::pending_read> asked;  // without their callbacks
  status failure;                           // when it is an error, every read gets it
  bool hold = false;

 private:
  void answer(actors::pending_read& one);
  std::vector<actors::pending_read> waiting_;
};

/// Tells at once, in the caller's thread.
class fake_events final : public actors::events {
 public:
  bool has_audience() const override { return !rooms.empty(); }
  bool heard_in(const std::string& room) const override { return rooms.contains(room); }
  bool wants_call(const std::string& room) override { return heard_in(room); }
  void publish(const std::string& room, const actors::log_event& e) override;
  void publish(actors::feed of, const std::string& item, const actors::log_keys& keys) override;
  void join(const actors::sink_ptr& who, const std::string& room) override { rooms[room].insert(who); }
  void leave(const actors::sink_ptr& who, const std::string& room) override;
  std::string new_id() override { return "0x" + std::to_string(++last_id); }
  void watch(const actors::sink_ptr& who, const std::string& id, actors::feed of, actors::log_filter filter) override;
  bool unwatch(const actors::sink_ptr& who, const std::string& id) override;
  void forget(const actors::sink_ptr& who) override;

  struct watcher {
    actors::sink_ptr who;
    actors::feed of;
    actors::log_filter filter;
  };
  std::map<std::string, std::set<actors::sink_ptr>> rooms;
  std::map<std::string, watcher> watchers;  // by id
  int last_id = 0;
};

/// Runs the body of a call at once, and its units of work on a null transaction; with `hold` set, a call waits for
/// release().
class fake_front final : public actors::front {
 public:
  bool admit() override;
  void leave() override;
  std::size_t in_flight() const override { return in_flight_; }
  bool draining() const override { return is_draining; }
  std::shared_ptr<actors::call_ticket> start(actors::call_start call) override;
  void release();

  std::size_t limit = 1000;
  bool is_draining = false;
  bool hold = false;
  std::size_t started = 0, abandoned = 0, left = 0, turned_away = 0;
  /// A job comes here instead of being run, when set: to refuse it as the pool would.
  std::function<void(actors::job_ptr)> pool;

 private:
  class context;
  class ticket;
  std::size_t in_flight_ = 0;
  std::vector<std::shared_ptr<context>> waiting_;
};

}  // namespace quorate::tests
