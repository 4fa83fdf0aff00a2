// SPDX-License-Identifier: MIT
#include "actors/pool/rules.hpp"

#include <algorithm>
#include <string>

namespace quorate::actors {

status check(const pool_settings& s) {
  const auto refuse = [](const char* what) { return fail(errc::invalid_params, std::string{"database.pool."} + what); };
  if (s.size < 1 || s.size > 1000) return refuse("size must be 1 to 1000");
  if (s.max_overflow > 1000) return refuse("max_overflow must be 0 to 1000");
  if (s.timeout.count() < 1) return refuse("timeout must be positive");
  if (s.recycle.count() < 0) return refuse("recycle must not be negative");
  if (!(s.recycle_jitter >= 0 && s.recycle_jitter <= 0.9)) return refuse("recycle_jitter must be 0 to 0.9");
  if (s.pre_ping_idle.count() < 0) return refuse("pre_ping_idle must not be negative");
  if (s.idle_timeout.count() < 0) return refuse("idle_timeout must not be negative");
  if (s.connect_concurrency < 1) return refuse("connect_concurrency must be positive");
  if (s.connect_timeout.count() < 1) return refuse("connect_timeout must be positive");
  if (s.ageing.count() < 0) return refuse("ageing must not be negative");
  if (s.breaker_failures < 1) return refuse("breaker_failures must be positive");
  if (s.breaker_probe.count() < 1) return refuse("breaker_probe must be positive");
  if (s.cancel_grace.count() < 1) return refuse("cancel_grace must be positive");
  return {};
}

namespace pooling {

const char* name(work_class c) noexcept {
  static constexpr const char* names[] = {"request", "consensus", "background"};
  return names[index(c)];
}

per_class reserves(const pool_settings& s) noexcept {
  auto budget = capacity(s) / 2;
  const auto consensus = std::min(s.reserved_consensus, budget);
  budget -= consensus;
  return {0, consensus, std::min(s.reserved_background, budget)};
}

per_class allowance(const pool_settings& s, std::size_t limit, std::size_t taken, const per_class& leased) noexcept {
  const auto kept = reserves(s);
  const auto free = limit > taken ? limit - taken : 0;
  per_class unmet{};
  std::size_t all_unmet = 0;
  for (std::size_t c = 0; c < work_classes; ++c) {
    unmet[c] = kept[c] > leased[c] ? kept[c] - leased[c] : 0;
    all_unmet += unmet[c];
  }
  per_class allowed{};
  for (std::size_t c = 0; c < work_classes; ++c) {
    const auto others = all_unmet - unmet[c];
    allowed[c] = free > others ? free - others : 0;
  }
  return allowed;
}

std::chrono::milliseconds statement_timeout(duration remaining) noexcept {
  using std::chrono::milliseconds;
  static constexpr std::int64_t steps[] = {100, 250, 500, 1'000, 2'000, 5'000, 10'000, 15'000, 30'000, 60'000};
  const auto ms = std::max<std::int64_t>(1, std::chrono::ceil<milliseconds>(remaining).count());
  for (const auto step : steps)
    if (ms <= step) return milliseconds{step};
  return milliseconds{(ms + 59'999) / 60'000 * 60'000};
}

duration lifetime(const pool_settings& s, double random) noexcept {
  if (s.recycle.count() == 0) return duration::max();
  const double share = 1.0 + s.recycle_jitter * (2.0 * random - 1.0);
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(s.recycle) * share);
}

}  // namespace pooling
}  // namespace quorate::actors
