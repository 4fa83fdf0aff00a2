// SPDX-License-Identifier: MIT
#include "actors/telemetry.hpp"

#include <algorithm>
#include <list>

#include <caf/detail/behavior_impl.hpp>

#include "actors/caf.hpp"

namespace quorate::actors {

namespace {

/// Written by the one actor it belongs to, read by anyone: a plain load and store is enough, no locked instruction.
void bump(std::atomic<std::uint64_t>& mine, std::uint64_t by) noexcept {
  mine.store(mine.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

double seconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

}  // namespace

struct telemetry::probe final : actor_probe {
  explicit probe(std::shared_ptr<kind> of) : of{std::move(of)} {}
  ~probe() override;

  void enqueued() noexcept override { sent.fetch_add(1, std::memory_order_relaxed); }
  caf::behavior wrap(caf::behavior inner) override;
  void ended() noexcept override;

  std::shared_ptr<kind> of;
  std::list<probe*>::iterator place;
  bool listed = false;  // under the kind's mutex
  std::atomic<std::uint64_t> sent{0}, done{0}, busy_ns{0}, max_ns{0};
};

struct telemetry::kind {
  mutable std::mutex mutex;
  std::list<probe*> live;
  std::uint64_t started = 0, restarts = 0;
  std::uint64_t done = 0, busy_ns = 0, max_ns = 0;  // of those that ended
  std::string last_error;

  actor_figures figures(std::string name) const {
    const std::lock_guard lock{mutex};
    actor_figures out;
    out.name = std::move(name);
    out.running = live.size();
    out.started = started;
    out.restarts = restarts;
    out.last_error = last_error;
    auto all_done = done;
    auto all_busy = busy_ns;
    auto longest = max_ns;
    for (const auto* one : live) {
      const auto handled = one->done.load(std::memory_order_relaxed);
      const auto sent = one->sent.load(std::memory_order_relaxed);
      all_done += handled;
      all_busy += one->busy_ns.load(std::memory_order_relaxed);
      longest = std::max(longest, one->max_ns.load(std::memory_order_relaxed));
      if (sent > handled) out.mailbox += sent - handled;
    }
    out.processed = all_done;
    out.busy_seconds = seconds(all_busy);
    out.max_seconds = seconds(longest);
    return out;
  }

  void note(const std::string& why) {
    const std::lock_guard lock{mutex};
    last_error = why;
  }
};

namespace {

/// Measures each message around the actor's own behaviour. `then` handlers of CAF requests are behaviours of their own
/// and are not seen here; the actors of this project answer with plain messages.
class metered_behavior final : public caf::detail::behavior_impl {
 public:
  metered_behavior(pointer inner, telemetry::probe& probe)
      : behavior_impl(inner->timeout()), inner_{std::move(inner)}, probe_{probe} {}

  using behavior_impl::invoke;
  caf::match_case::result invoke_empty(caf::detail::invoke_result_visitor& f) override {
    return measured([&] { return inner_->invoke_empty(f); });
  }
  caf::match_case::result invoke(caf::detail::invoke_result_visitor& f, caf::type_erased_tuple& xs) override {
    return measured([&] { return inner_->invoke(f, xs); });
  }
  void handle_timeout() override { inner_->handle_timeout(); }

 private:
  template <class F>
  caf::match_case::result measured(F handler) {
    const auto began = clock::now();
    try {
      const auto outcome = handler();
      count(began);
      return outcome;
    } catch (const std::exception& e) {
      count(began);
      probe_.of->note(e.what());
      throw;
    }
  }
  void count(time_point began) {
    const auto spent = static_cast<std::uint64_t>((clock::now() - began).count());
    bump(probe_.done, 1);
    bump(probe_.busy_ns, spent);
    if (spent > probe_.max_ns.load(std::memory_order_relaxed)) probe_.max_ns.store(spent, std::memory_order_relaxed);
  }

  pointer inner_;
  telemetry::probe& probe_;  // owned by the actor that owns this behaviour
};

static_assert(std::is_same_v<duration, std::chrono::nanoseconds>, "the probe counts nanoseconds");

}  // namespace

telemetry::probe::~probe() { ended(); }

caf::behavior telemetry::probe::wrap(caf::behavior inner) {
  return caf::behavior{
      caf::detail::behavior_impl::pointer{caf::make_counted<metered_behavior>(inner.as_behavior_impl(), *this)}};
}

void telemetry::probe::ended() noexcept {
  const std::lock_guard lock{of->mutex};
  if (!std::exchange(listed, false)) return;
  of->live.erase(place);
  of->done += done.load(std::memory_order_relaxed);
  of->busy_ns += busy_ns.load(std::memory_order_relaxed);
  of->max_ns = std::max(of->max_ns, max_ns.load(std::memory_order_relaxed));
}

telemetry::telemetry(metrics::registry& registry) : registry_{registry} {}

std::shared_ptr<telemetry::kind> telemetry::find(std::string_view name) {
  const std::lock_guard lock{mutex_};
  if (const auto known = kinds_.find(name); known != kinds_.end()) return known->second;
  auto made = std::make_shared<kind>();
  const metrics::labels with{{"actor", std::string{name}}};
  const auto figure = [made](auto pick) {
    return [made, pick] { return static_cast<double>(pick(made->figures({}))); };
  };
  registry_.gauge_callback("quorate_actor_running", "Live actors", with,
                           figure([](const actor_figures& f) { return f.running; }));
  registry_.gauge_callback("quorate_actor_mailbox", "Messages waiting in mailboxes, approximately", with,
                           figure([](const actor_figures& f) { return f.mailbox; }));
  registry_.counter_callback("quorate_actor_messages_total", "Messages handled", with,
                             figure([](const actor_figures& f) { return f.processed; }));
  registry_.counter_callback("quorate_actor_busy_seconds_total", "Seconds spent inside handlers", with,
                             figure([](const actor_figures& f) { return f.busy_seconds; }));
  registry_.gauge_callback("quorate_actor_handler_max_seconds", "Longest single handler since the start", with,
                           figure([](const actor_figures& f) { return f.max_seconds; }));
  registry_.counter_callback("quorate_actor_restarts_total", "Actors replaced by their supervisor", with,
                             figure([](const actor_figures& f) { return f.restarts; }));
  kinds_.emplace(name, made);
  return made;
}

std::shared_ptr<actor_probe> telemetry::watch(std::string_view name) {
  auto of = find(name);
  auto made = std::make_shared<probe>(of);
  const std::lock_guard lock{of->mutex};
  made->place = of->live.insert(of->live.end(), made.get());
  made->listed = true;
  ++of->started;
  return made;
}

void telemetry::restarted(std::string_view name, const std::string& why) {
  auto of = find(name);
  const std::lock_guard lock{of->mutex};
  ++of->restarts;
  of->last_error = why;
}

void telemetry::failed(std::string_view name, const std::string& why) { find(name)->note(why); }

std::vector<actor_figures> telemetry::snapshot() const {
  std::vector<std::pair<std::string, std::shared_ptr<kind>>> all;
  {
    const std::lock_guard lock{mutex_};
    all.assign(kinds_.begin(), kinds_.end());
  }
  std::vector<actor_figures> out;
  out.reserve(all.size());
  for (const auto& [name, of] : all) out.push_back(of->figures(name));
  return out;
}

}  // namespace quorate::actors
