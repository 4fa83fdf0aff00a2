// SPDX-License-Identifier: MIT
#include "actors/http_front.hpp"

#include <atomic>
#include <mutex>
#include <vector>

#include "actors/actor_ref.hpp"
#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/request_actor.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

/// What the door and the actor have in common. It outlives any one actor, so calls that wait in the inbox while the
/// actor is being replaced are spawned by the next one.
struct http_front::shared {
  shared(caf::actor_system& s, pool& p, telemetry& t, metrics::registry& m, front_settings settings_now)
      : system{s},
        connections{p},
        figures{t},
        settings{settings_now},
        shed{m.counter("quorate_calls_shed_total",
                       "Calls refused because too many were in flight or the process drains")},
        overdue{m.counter("quorate_calls_overdue_total",
                          "Calls the front answered because nothing else had by their deadline")} {}

  caf::actor_system& system;
  pool& connections;
  telemetry& figures;
  const front_settings settings;
  metrics::counter& shed;
  metrics::counter& overdue;

  std::atomic<std::size_t> in_flight{0};
  std::atomic<bool> draining{false};
  actor_ref actor;
  std::mutex mutex;
  // Under the mutex:
  std::vector<std::shared_ptr<call>> inbox;
  duration drain_deadline{};
  std::function<void()> drained;
};

namespace {

struct ticket final : call_ticket {
  explicit ticket(std::weak_ptr<call> of) : call_of{std::move(of)} {}
  void abandon() override {
    const auto running = call_of.lock();
    if (running && running->abandon()) running->end();
  }
  // Weak: the call must end, and answer, with the actor that drives it, not with the socket that waits.
  std::weak_ptr<call> call_of;
};

class front_state {
 public:
  static constexpr const char* name = "http_front";

  front_state(caf::event_based_actor* self, std::shared_ptr<http_front::shared> shared)
      : self_{self}, shared_{std::move(shared)} {}

  caf::behavior make_behavior() {
    // What was waiting while a predecessor died.
    send(self_, self_, to_front::wake{});
    if (shared_->draining.load()) send(self_, self_, to_front::drain{});
    return {
        [this](const to_front::wake&) { spawn_waiting(); },
        [this](const to_front::sweep& m) {
          if (m.tick == tick_) sweep();
        },
        [this](const to_front::drain&) { drain(); },
        [this](const to_front::idle&) { finish_drain(); },
        [this](const to_front::drain_deadline&) {
          end_calls(fail(errc::server_busy, "Server is shutting down"), time_point::max());
          finish_drain();
        },
    };
  }

 private:
  void spawn_waiting() {
    std::vector<std::shared_ptr<call>> waiting;
    {
      const std::lock_guard lock{shared_->mutex};
      waiting.swap(shared_->inbox);
    }
    for (auto& one : waiting) {
      if (one->settled()) continue;  // its client left before it began
      auto driver = spawn_state<request_state>(shared_->system, {.probe = shared_->figures.watch(request_state::name)},
                                               one, &shared_->connections);
      one->attach(driver);
      tell(driver, to_request::begin{});
      // A hang-up between the look above and the attaching found no actor to tell.
      if (one->settled()) tell(driver, to_request::end{});
      live_.push_back(std::move(one));
    }
    if (!live_.empty() && !sweeping_) arm();
  }

  void arm() {
    sweeping_ = true;
    send_later(self_, shared_->settings.sweep, to_front::sweep{++tick_});
  }

  void sweep() {
    sweeping_ = false;
    end_calls(fail(errc::query_timeout, "Request timed out"), now(self_) - shared_->settings.grace);
    if (!live_.empty()) arm();
  }

  /// Answers every live call whose deadline is not after `limit`, and forgets those that ended by themselves.
  void end_calls(const result<std::string>& with, time_point limit) {
    std::erase_if(live_, [&](const std::weak_ptr<call>& one) {
      const auto running = one.lock();
      if (!running) return true;
      if (running->settled() || running->deadline() > limit) return running->settled();
      if (running->answer(with)) {
        shared_->overdue.add();
        log::event(log::level::warning, "http_front", "call ended by the front", {{"method", running->label()}});
      }
      running->end();
      return true;
    });
  }

  void drain() {
    duration deadline;
    {
      const std::lock_guard lock{shared_->mutex};
      deadline = shared_->drain_deadline;
    }
    send_later(self_, deadline, to_front::drain_deadline{});
    if (shared_->in_flight.load() == 0) finish_drain();
  }

  void finish_drain() {
    std::function<void()> done;
    {
      const std::lock_guard lock{shared_->mutex};
      done.swap(shared_->drained);
    }
    if (done) done();
  }

  caf::event_based_actor* self_;
  std::shared_ptr<http_front::shared> shared_;
  std::vector<std::weak_ptr<call>> live_;
  bool sweeping_ = false;
  std::uint64_t tick_ = 0;
};

}  // namespace

http_front::http_front(caf::actor_system& system, pool& connections, telemetry& figures, metrics::registry& metrics,
                       front_settings settings)
    : shared_{std::make_shared<shared>(system, connections, figures, metrics, settings)} {
  metrics.gauge_callback("quorate_calls_in_flight", "Calls admitted and not yet answered", {},
                         [s = shared_] { return static_cast<double>(s->in_flight.load(std::memory_order_relaxed)); });
}

http_front::~http_front() { actors::stop(shared_->actor.get()); }

child_spec http_front::child() {
  return {
      front_state::name,
      [s = shared_] { return spawn_state<front_state>(s->system, {.probe = s->figures.watch(front_state::name)}, s); },
      [s = shared_](const caf::actor& current) { s->actor.set(current); }};
}

bool http_front::admit() {
  // Counted before looking at the flag: a drain that begins now either refuses this call or waits for it.
  if (shared_->in_flight.fetch_add(1) < shared_->settings.in_flight && !draining()) return true;
  leave();
  shared_->shed.add();
  return false;
}

void http_front::leave() {
  if (shared_->in_flight.fetch_sub(1) == 1 && draining()) shared_->actor.tell(to_front::idle{});
}

std::size_t http_front::in_flight() const { return shared_->in_flight.load(std::memory_order_relaxed); }
bool http_front::draining() const { return shared_->draining.load(); }

std::shared_ptr<call_ticket> http_front::start(call_start start) {
  auto one = std::make_shared<call>(std::move(start));
  auto out = std::make_shared<ticket>(one);
  bool first;
  {
    const std::lock_guard lock{shared_->mutex};
    first = shared_->inbox.empty();
    shared_->inbox.push_back(std::move(one));
  }
  if (first) shared_->actor.tell(to_front::wake{});
  return out;
}

void http_front::drain(duration deadline, std::function<void()> done) {
  {
    const std::lock_guard lock{shared_->mutex};
    shared_->drain_deadline = deadline;
    shared_->drained = std::move(done);
  }
  shared_->draining.store(true);
  shared_->actor.tell(to_front::drain{});
}

}  // namespace quorate::actors
