// SPDX-License-Identifier: MIT
#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace quorate::bench {

// Values below 64 have a step each; from there every power of two is cut in 64 steps.
std::size_t histogram::index_of(std::uint64_t value) noexcept {
  if (value < steps) return static_cast<std::size_t>(value);
  const auto power = static_cast<std::size_t>(std::bit_width(value)) - 7;  // 64..127 -> 0
  const auto step = static_cast<std::size_t>(value >> power) - steps;
  return std::min((power + 1) * steps + step, steps * powers - 1);
}

std::uint64_t histogram::upper_end(std::size_t index) noexcept {
  if (index < steps) return index;
  const auto power = index / steps - 1;
  return ((steps + index % steps + 1) << power) - 1;
}

void histogram::add(std::uint64_t microseconds) noexcept {
  ++counts_[index_of(microseconds)];
  ++count_;
  sum_ += microseconds;
  max_ = std::max(max_, microseconds);
}

void histogram::add(const histogram& other) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t histogram::quantile(double q) const noexcept {
  if (count_ == 0) return 0;
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::min(upper_end(i), max_);
  }
  return max_;
}

}  // namespace quorate::bench
