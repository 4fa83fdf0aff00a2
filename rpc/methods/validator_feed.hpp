// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "actors/events.hpp"
#include "actors/pool/pool.hpp"
#include "db/notifications.hpp"
#include "db/rows.hpp"

namespace quorate::rpc::methods {

/// Tells every socket of changes of validators (docs/spec/json-rpc.md §4.4), in the order in which they come: reads the
/// rows that were created or changed, as they are now. A row that is gone again is not told of; its deletion is. While
/// it reads, further changes wait, and what waits is read at once. Thread-safe. It may be asked by a thread that
/// outlives the pool: `close` first.
class validator_feed : public std::enable_shared_from_this<validator_feed> {
 public:
  explicit validator_feed(actors::pool& pool) : pool_{&pool} {}

  /// Call it once, before the first `changed`.
  void publish_to(actors::events& events) { events_ = &events; }
  void changed(const db::change& what);
  /// Returns when nobody reads or publishes through it any more.
  void close();

 private:
  void next();
  void publish(const std::vector<db::change>& changes, const std::vector<db::validator_row>& rows);
  void publish(const db::change& what, const std::vector<db::validator_row>& rows);
  void tell(const char* name, std::string data);

  std::recursive_mutex mutex_;  // the pool may answer while it is asked
  actors::pool* pool_;
  actors::events* events_ = nullptr;
  std::vector<db::change> waiting_;
  bool reading_ = false;
};

}  // namespace quorate::rpc::methods
