// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/histogram.hpp"

namespace quorate::bench {

/// Why a call did not succeed.
enum class failure : std::uint8_t { http_status, rpc_error, timeout, socket };
inline constexpr std::size_t failures = 4;

/// What one second of a run looked like.
struct second_count {
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  std::uint64_t max_us = 0;
};

/// One JSON-RPC method of one group of clients.
struct label_count {
  std::string name;
  histogram latency;
  std::uint64_t errors[failures] = {};
};

/// What one group of clients saw. Only calls that ended inside the measured time count, but every failure does.
class tally {
 public:
  explicit tally(std::vector<std::string> labels);

  void success(std::size_t label, std::uint64_t microseconds, std::size_t second, bool measured);
  void fail(std::size_t label, failure why, std::uint64_t microseconds, std::size_t second, std::string_view sample);

  std::uint64_t errors() const;
  /// The group's part of the report: one JSON object.
  std::string to_json(std::size_t clients, double seconds, bool series) const;

 private:
  second_count& at(std::size_t second);

  std::vector<label_count> labels_;
  std::vector<second_count> series_;
  std::vector<std::string> samples_;  // the first few error replies
};

}  // namespace quorate::bench
