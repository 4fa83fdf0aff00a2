// SPDX-License-Identifier: MIT
#include "chain/datetime.hpp"

#include <fmt/format.h>

namespace quorate::chain {

namespace {

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

std::optional<instant> parse_datetime(std::string_view text) {
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
  return instant{days * std::int64_t{86'400} + hour * 3600 + minute * 60 + second - (behind ? -east : east), fraction};
}

std::string format_datetime(std::chrono::system_clock::time_point time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(micros);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{micros - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace quorate::chain
