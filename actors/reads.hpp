// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "actors/time.hpp"
#include "db/reads.hpp"

namespace quorate::actors {

/// One single-row read by key on its way through the read gateway.
struct pending_read {
  db::read_kind kind;
  std::string key;
  time_point deadline;
  std::function<void(result<db::read_value>)> done;  // once, any thread; monostate: no such row
};

/// The way into the read gateway (docs/design.md §2): reads that wait at the same moment travel as one `= ANY($1)`
/// query in one lease; a lone read goes at once. Thread-safe.
class reads {
 public:
  virtual ~reads() = default;
  virtual void read(pending_read one) = 0;
};

}  // namespace quorate::actors
