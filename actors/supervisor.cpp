// SPDX-License-Identifier: MIT
#include "actors/supervisor.hpp"

#include <atomic>
#include <deque>

#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "chain/log.hpp"

namespace quorate::actors {

namespace {

struct child {
  child_spec spec;
  caf::actor handle;  // empty while down
  enum class phase { up, stopping, down } at = phase::down;
  bool waiting = false;  // for its backoff
  bool given_up = false;
  std::uint64_t tick = 0;  // the restart_due that counts
  std::deque<time_point> failures;
};

struct supervisor_deps {
  telemetry* figures;
  supervisor_settings settings;
  std::vector<child> children;
  escalation escalate;
  std::shared_ptr<std::atomic<bool>> released;  // the owner let go: ending is in order
};

class supervisor_state {
 public:
  static constexpr const char* name = "supervisor";

  supervisor_state(caf::event_based_actor* self, std::shared_ptr<supervisor_deps> deps)
      : self_{self}, deps_{std::move(deps)} {}

  ~supervisor_state() {
    for (auto c = children().rbegin(); c != children().rend(); ++c) stop_child(*c);
    // Its own death is the one nobody else would notice.
    if (!finished_ && !deps_->released->load()) deps_->escalate(exit_code_unrecoverable, "the supervisor itself ended");
  }

  caf::behavior make_behavior() {
    on_down(self_, [this](const caf::down_msg& m) { went_down(m); });
    for (auto& c : children()) watch(self_, c.handle);
    return {
        [this](const to_supervisor::restart_due& m) { restart_due(m); },
        [this](const to_supervisor::stop& m) { begin_stop(m); },
        [this](const to_supervisor::stop_deadline&) { kill_rest(); },
    };
  }

 private:
  std::vector<child>& children() { return deps_->children; }
  bool rest_for_one() const { return deps_->settings.strategy == restart_strategy::rest_for_one; }

  // -- failures ---------------------------------------------------------------------------------------------------

  void went_down(const caf::down_msg& m) {
    for (std::size_t i = 0; i < children().size(); ++i) {
      auto& c = children()[i];
      if (!c.handle || c.handle.address() != m.source) continue;
      const bool asked = c.at == child::phase::stopping;
      c.handle = {};
      c.at = child::phase::down;
      if (c.spec.publish) c.spec.publish({});
      if (stop_done_) return next_to_stop();
      if (!asked) failed(i, ended_in_order(m.reason) ? "ended" : to_text(self_->system(), m.reason));
      return start_what_may_start();
    }
  }

  void failed(std::size_t i, const std::string& why) {
    auto& c = children()[i];
    deps_->figures->restarted(c.spec.name, why);
    const auto current = now(self_);
    c.failures.push_back(current);
    while (current - c.failures.front() > deps_->settings.window) c.failures.pop_front();
    if (rest_for_one())
      for (auto j = children().size(); j-- > i + 1;) stop_child(children()[j]);
    if (c.failures.size() > deps_->settings.max_restarts && c.spec.significant) {
      c.given_up = true;
      const auto text = c.spec.name + " failed " + std::to_string(c.failures.size()) + " times: " + why;
      log::event(log::level::error, "supervisor", "actor given up", {{"actor", c.spec.name}, {"error", why}});
      if (!std::exchange(escalated_, true)) deps_->escalate(exit_code_unrecoverable, text);
      return;
    }
    const auto wait = deps_->settings.backoff.delay(c.failures.size());
    log::event(log::level::warning, "supervisor", "actor restarts",
               {{"actor", c.spec.name}, {"error", why}, {"wait_ms", wait}});
    c.waiting = true;
    send_later(self_, wait, to_supervisor::restart_due{i, ++c.tick});
  }

  void restart_due(const to_supervisor::restart_due& m) {
    auto& c = children()[m.child];
    if (stop_done_ || m.tick != c.tick) return;
    c.waiting = false;
    start_what_may_start();
  }

  /// In order; with rest_for_one a child starts only when everything before it is up and nothing after it still runs.
  void start_what_may_start() {
    if (rest_for_one())
      for (const auto& c : children())
        if (c.at == child::phase::stopping) return;
    for (std::size_t i = 0; i < children().size(); ++i) {
      auto& c = children()[i];
      if (c.at == child::phase::down && !c.waiting && !c.given_up) start(i);
      if (rest_for_one() && c.at != child::phase::up) return;
    }
  }

  void start(std::size_t i) {
    auto& c = children()[i];
    try {
      c.handle = c.spec.start();
      c.at = child::phase::up;
      watch(self_, c.handle);
      if (c.spec.publish) c.spec.publish(c.handle);
    } catch (const std::exception& e) {
      failed(i, e.what());
    }
  }

  void stop_child(child& c) {
    if (c.at != child::phase::up) return;
    c.at = child::phase::stopping;
    actors::stop(c.handle);
  }

  // -- shutdown ---------------------------------------------------------------------------------------------------

  void begin_stop(const to_supervisor::stop& m) {
    if (stop_done_) return;
    stop_done_ = m.done ? m.done : [](bool) {};
    send_later(self_, m.deadline, to_supervisor::stop_deadline{});
    next_to_stop();
  }

  void next_to_stop() {
    for (auto c = children().rbegin(); c != children().rend(); ++c) {
      if (c->at == child::phase::down) continue;
      return stop_child(*c);  // or waits for the one that is stopping already
    }
    finish(true);
  }

  void kill_rest() {
    for (auto& c : children()) {
      if (c.at == child::phase::down) continue;
      log::event(log::level::error, "supervisor", "actor killed at the deadline", {{"actor", c.spec.name}});
      c.at = child::phase::stopping;
      caf::anon_send_exit(c.handle, caf::exit_reason::kill);
    }
    finish(false);
  }

  void finish(bool in_time) {
    if (std::exchange(finished_, true)) return;
    stop_done_(in_time);
    quit(self_);
  }

  caf::event_based_actor* self_;
  std::shared_ptr<supervisor_deps> deps_;
  std::function<void(bool)> stop_done_;  // set: stopping
  bool escalated_ = false, finished_ = false;
};

}  // namespace

struct supervisor::impl {
  caf::actor handle;
  std::shared_ptr<std::atomic<bool>> released = std::make_shared<std::atomic<bool>>(false);
};

supervisor::supervisor(caf::actor_system& system, telemetry& figures, supervisor_settings settings,
                       std::vector<child_spec> children, escalation escalate)
    : impl_{std::make_unique<impl>()} {
  auto deps = std::make_shared<supervisor_deps>();
  deps->figures = &figures;
  deps->settings = settings;
  deps->escalate = std::move(escalate);
  deps->released = impl_->released;
  try {
    for (auto& spec : children) {
      child c;
      c.handle = spec.start();
      c.at = child::phase::up;
      if (spec.publish) spec.publish(c.handle);
      c.spec = std::move(spec);
      deps->children.push_back(std::move(c));
    }
  } catch (...) {
    for (auto c = deps->children.rbegin(); c != deps->children.rend(); ++c) actors::stop(c->handle);
    throw;
  }
  impl_->handle =
      spawn_state<supervisor_state>(system, {.probe = figures.watch(supervisor_state::name)}, std::move(deps));
}

supervisor::~supervisor() {
  impl_->released->store(true);
  actors::stop(impl_->handle);
}

void supervisor::stop(duration deadline, std::function<void(bool in_time)> done) {
  tell(impl_->handle, to_supervisor::stop{deadline, std::move(done)});
}

}  // namespace quorate::actors
