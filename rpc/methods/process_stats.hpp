// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace quorate::rpc::methods {

/// What the kernel says of this process and machine (/proc, getrusage). Figures it does not give are 0.
struct process_stats {
  double resident_mb = 0, virtual_mb = 0;
  double user_seconds = 0, system_seconds = 0;
  std::int64_t threads = 0;
  double total_memory_mb = 0, available_memory_mb = 0;
  std::array<double, 3> load_average{};
  unsigned processors = 0;
  double uptime_seconds = 0;  // of this process

  double memory_percent() const;         // of the machine's memory, this process
  double system_memory_percent() const;  // of the machine's memory, everybody
  double cpu_percent() const;            // of one processor, since the process started
};

process_stats read_process_stats();

}  // namespace quorate::rpc::methods
