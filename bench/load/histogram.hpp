// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace quorate::bench {

/// Latencies in microseconds, each kept to within 1.6 %: 64 steps for every power of two, up to about an hour.
class histogram {
 public:
  void add(std::uint64_t microseconds) noexcept;
  void add(const histogram& other) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  double mean() const noexcept { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }
  std::uint64_t max() const noexcept { return max_; }
  /// The q-quantile in microseconds (upper end of its step); 0 when empty.
  std::uint64_t quantile(double q) const noexcept;

 private:
  static constexpr std::size_t steps = 64;
  static constexpr std::size_t powers = 27;
  static std::size_t index_of(std::uint64_t value) noexcept;
  static std::uint64_t upper_end(std::size_t index) noexcept;

  std::array<std::uint64_t, steps * powers> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace quorate::bench
