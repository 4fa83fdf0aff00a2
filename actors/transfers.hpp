// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "actors/time.hpp"
#include "db/transactions.hpp"

namespace quorate::actors {

/// One signed transfer on its way through the transfer gateway.
struct pending_transfer {
  db::transactions::new_transaction row;
  time_point deadline;
  std::function<void(result<bool>)> done;  // once, any thread; false: the hash was there already, nothing was written
};

/// The way into the transfer gateway (docs/design.md §2): transfers that wait at the same moment are stored by one
/// database transaction. Thread-safe.
class transfers {
 public:
  virtual ~transfers() = default;
  virtual void store(pending_transfer one) = 0;
};

}  // namespace quorate::actors
