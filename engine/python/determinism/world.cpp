// SPDX-License-Identifier: MIT
#include "engine/python/determinism/world.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace quorate::engine::python {

namespace {

/// One run per process, and one thread in it: plain variables, which the functions of libc can reach.
std::optional<timespec> frozen;

struct entropy_stream {
  bool seeded = false;
  chain::hash256 seed{};
  std::uint64_t counter = 0;
};
entropy_stream entropy;

/// Reads digits and fixed characters from the left.
class datetime_text {
 public:
  explicit datetime_text(std::string_view text) : rest_{text} {}

  bool digits(std::size_t count, int& out) {
    if (rest_.size() < count) return false;
    out = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return false;
      out = out * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  bool skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Up to nine digits of a second; more are dropped.
  long nanoseconds() {
    long out = 0;
    int count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      if (count++ < 9) out = out * 10 + (rest_.front() - '0');
    }
    for (; count < 9; ++count) out *= 10;
    return out;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<timespec> parse_datetime(std::string_view text) {
  datetime_text at{text};
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, east_hours = 0, east_minutes = 0;
  if (!at.digits(4, year) || !at.skip('-') || !at.digits(2, month) || !at.skip('-') || !at.digits(2, day)) return {};
  if (!at.skip('T') && !at.skip(' ')) return {};
  if (!at.digits(2, hour) || !at.skip(':') || !at.digits(2, minute) || !at.skip(':') || !at.digits(2, second))
    return {};
  const long fraction = at.skip('.') ? at.nanoseconds() : 0;
  const bool behind = at.skip('-');
  if (behind || at.skip('+')) {
    if (!at.digits(2, east_hours) || (at.skip(':'), !at.digits(2, east_minutes))) return {};
  } else {
    at.skip('Z');
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!at.at_end() || !date.ok() || hour > 23 || minute > 59 || second > 60) return {};
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t east = (east_hours * 60 + east_minutes) * 60;
  return timespec{days * std::int64_t{86'400} + hour * 3600 + minute * 60 + second - (behind ? -east : east), fraction};
}

void freeze_clock(timespec now) noexcept { frozen = now; }
std::optional<timespec> frozen_clock() noexcept { return frozen; }

void seed_entropy(const chain::hash256& seed) noexcept { entropy = {true, seed, 0}; }
void release_entropy() noexcept { entropy = {}; }

bool fill_entropy(std::span<std::uint8_t> out) {
  if (!entropy.seeded) return false;
  while (!out.empty()) {
    chain::bytes input{entropy.seed.begin(), entropy.seed.end()};
    for (int shift = 0; shift < 64; shift += 8) input.push_back(static_cast<std::uint8_t>(entropy.counter >> shift));
    ++entropy.counter;
    const auto drawn = chain::sha3_256(input);
    const std::size_t count = std::min(out.size(), drawn.size());
    std::memcpy(out.data(), drawn.data(), count);
    out = out.subspan(count);
  }
  return true;
}

}  // namespace quorate::engine::python
