// SPDX-License-Identifier: MIT
#include "actors/pool/observer.hpp"

#include "chain/log.hpp"

namespace quorate::actors::pooling {
namespace {

void echo(std::string_view what, const note& n, const pool_snapshot& at) {
  log::event(log::level::info, "pool", what,
             {{"slot", n.slot},
              {"open", at.open},
              {"idle", at.idle},
              {"leased", at.leased},
              {"connecting", at.connecting},
              {"waiting", at.waiting[0] + at.waiting[1] + at.waiting[2]},
              {"size", at.settings.size},
              {"max_overflow", at.settings.max_overflow},
              {"class", name(n.cls)},
              {"ms", n.time}});
}

std::string_view closing_text(close_reason why) {
  switch (why) {
    case close_reason::lifetime: return "recycle";
    case close_reason::overflow: return "close overflow";
    case close_reason::broken: return "discard";
    case close_reason::evicted: return "evict";
    case close_reason::idle: return "close idle";
    case close_reason::shrunk: return "close shrunk";
    case close_reason::drained: return "close drained";
  }
  return "close";
}

}  // namespace

observer::observer(metrics::registry& r) {
  const auto connections = "Database connections of this process by state.";
  static constexpr const char* states[] = {"idle", "leased", "connecting", "closing"};
  for (std::size_t i = 0; i < 4; ++i)
    connections_[i] = &r.gauge("quorate_pool_connections", connections, {{"state", states[i]}});
  for (std::size_t i = 0; i < work_classes; ++i) {
    const metrics::labels with{{"class", name(static_cast<work_class>(i))}};
    classes_[i].waiters = &r.gauge("quorate_pool_waiters", "Units of work waiting for a connection.", with);
    classes_[i].acquire =
        &r.histogram("quorate_pool_acquire_seconds", "Time from asking for a connection to having it.", with);
    classes_[i].lease = &r.histogram("quorate_pool_lease_seconds", "Time a connection was held.", with);
  }
  for (std::size_t i = 0; i < acquired_.size(); ++i)
    acquired_[i] = &r.counter("quorate_pool_acquire_total", "Requests for a connection by result.",
                              {{"result", name(static_cast<acquire_result>(i))}});
  for (std::size_t i = 0; i < closed_.size(); ++i)
    closed_[i] = &r.counter("quorate_pool_closed_total", "Connections closed, by reason.",
                            {{"why", name(static_cast<close_reason>(i))}});
  max_ = &r.gauge("quorate_pool_max", "Most connections allowed: size + max_overflow.");
  breaker_ = &r.gauge("quorate_pool_breaker_state", "0 closed, 1 open, 2 half open.");
  generation_ = &r.gauge("quorate_pool_generation", "Raised whenever all older connections are taken for dead.");
  connect_ = &r.histogram("quorate_pool_connect_seconds", "Time to open a connection.");
  connect_failures_ = &r.counter("quorate_pool_connect_failures_total", "Attempts to open a connection that failed.");
  leaks_ = &r.counter("quorate_pool_leaks_total", "Leases taken back at their deadline.");
  const auto cancels = "Cancels of running queries: sent to the server, or skipped because the query was over.";
  cancels_sent_ = &r.counter("quorate_pool_cancel_total", cancels, {{"result", "sent"}});
  cancels_skipped_ = &r.counter("quorate_pool_cancel_total", cancels, {{"result", "skipped"}});
}

void observer::saw(const note& n, const core& pool) {
  auto& of = classes_[index(n.cls)];
  std::string_view text;
  switch (n.what) {
    case note::kind::opened:
      connect_->observe(to_seconds(n.time));
      text = "create";
      break;
    case note::kind::open_failed:
      connect_failures_->add();
      if (pool.settings().echo)
        log::event(log::level::info, "pool", "connect failed", {{"slot", n.slot}, {"error", n.text}});
      return;
    case note::kind::acquired:
      acquired_[static_cast<std::size_t>(n.got)]->add();
      of.acquire->observe(to_seconds(n.time));
      if (n.got == acquire_result::timeout)
        log::event(log::level::warning, "pool", "no connection in time", {{"class", name(n.cls)}, {"why", n.text}});
      return;
    case note::kind::leased: text = "lease"; break;
    case note::kind::overflow: text = "overflow"; break;
    case note::kind::returned:
      of.lease->observe(to_seconds(n.time));
      text = "return";
      break;
    case note::kind::closing:
      closed_[static_cast<std::size_t>(n.why)]->add();
      text = closing_text(n.why);
      break;
    case note::kind::leaked:
      leaks_->add();
      log::event(log::level::warning, "pool", "lease taken back at its deadline",
                 {{"holder", n.text}, {"held_ms", n.time}});
      return;
    case note::kind::tripped:
      log::event(log::level::error, "pool", "database unreachable, answering at once", {{"error", n.text}});
      return;
    case note::kind::recovered: log::event(log::level::info, "pool", "database reachable again"); return;
  }
  if (pool.settings().echo) echo(text, n, pool.snapshot({}));
}

void observer::cancel_done(bool sent) { (sent ? cancels_sent_ : cancels_skipped_)->add(); }

void observer::update(const core::gauges& at) {
  const std::size_t counts[] = {at.idle, at.leased, at.connecting, at.closing};
  for (std::size_t i = 0; i < 4; ++i) connections_[i]->set(static_cast<std::int64_t>(counts[i]));
  for (std::size_t i = 0; i < work_classes; ++i) classes_[i].waiters->set(static_cast<std::int64_t>(at.waiting[i]));
  max_->set(static_cast<std::int64_t>(at.most));
  breaker_->set(static_cast<std::int64_t>(at.breaker_is));
  generation_->set(static_cast<std::int64_t>(at.generation));
}

}  // namespace quorate::actors::pooling
