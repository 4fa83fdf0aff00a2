// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "actors/pool/job.hpp"

/// A connection for several steps, for actors alone: the pool watches the holder and takes the lease back when it dies,
/// at whatever moment. Each step is a unit of work with its own transaction, so nothing is open between two steps and
/// there is nothing to roll back. At the lease's deadline the pool takes it back, too, and counts a leak.
namespace quorate::actors {

/// Never used twice, so a late message about an old lease meets nobody.
using lease_id = std::uint64_t;
using holder_id = std::uint64_t;
using lease_answer = std::function<void(result<lease_id>)>;

struct lease_request {
  work_class cls = work_class::background;
  time_point deadline;  // of waiting and holding together; pool_settings::timeout may end the waiting before
  std::string label;
  holder_id holder = 0;  // the supervisor's name for the actor that asks
  lease_answer answer;   // once
};

}  // namespace quorate::actors
