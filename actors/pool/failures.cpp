// SPDX-License-Identifier: MIT
#include "actors/pool/failures.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace quorate::actors::pooling {
namespace {

using std::chrono::milliseconds;

constexpr int retry_after_exhaustion_s = 1;

error exhausted(const refusal_facts& f, std::string_view why) {
  auto data =
      fmt::format(R"({{"size":{},"max_overflow":{},"leased":{},"waiting":{},"timeout_s":{:g},"retry_after_s":{}}})",
                  f.size, f.max_overflow, f.leased, f.waiting, to_seconds(f.timeout), retry_after_exhaustion_s);
  auto detail = fmt::format("{}: size {} overflow {} leased {} waiting {} timeout {:.2f}s", why, f.size, f.max_overflow,
                            f.leased, f.waiting, to_seconds(f.timeout));
  if (!f.oldest_holder.empty())
    detail += fmt::format(", oldest holder {} for {:.3f}s", f.oldest_holder, to_seconds(f.oldest_holder_age));
  if (!f.last_connect_error.empty()) detail += ", last connect error: " + f.last_connect_error;
  return {errc::pool_exhausted, "Database pool exhausted", std::move(data), std::move(detail)};
}

}  // namespace

error pool_exhausted(const refusal_facts& facts) { return exhausted(facts, "no connection before the deadline"); }
error too_many_waiters(const refusal_facts& facts) { return exhausted(facts, "too many waiters"); }

error query_timeout(const std::string& label, duration ran) {
  return {
      errc::query_timeout, "Database query timed out", {}, fmt::format("{} ran for {:.3f}s", label, to_seconds(ran))};
}

error too_late() { return {errc::query_timeout, "Database query timed out", {}, "no time was left to ask for one"}; }

error database_unavailable(duration retry_after, std::string cause) {
  const auto wait = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(retry_after).count());
  return {errc::database_unavailable, "Database unavailable", fmt::format(R"({{"retry_after_s":{}}})", wait),
          std::move(cause)};
}

error shutting_down() {
  return {errc::server_busy, "Server is shutting down", R"({"retry_after_s":1})", "the pool drains"};
}
error cancelled() { return {errc::cancelled, "Request cancelled", {}, {}}; }

}  // namespace quorate::actors::pooling
