// SPDX-License-Identifier: MIT
#include "actors/request_actor.hpp"

#include "chain/log.hpp"

namespace quorate::actors {

call::~call() { answer(fail(errc::internal, "Internal error", {}, "the call ended without an answer")); }

bool call::answer(result<std::string> value) {
  if (settled_.exchange(true, std::memory_order_acq_rel)) return false;
  const auto done = std::exchange(start_.done, nullptr);
  if (done) done(std::move(value));
  return true;
}

bool call::abandon() { return !settled_.exchange(true, std::memory_order_acq_rel); }

void call::attach(const caf::actor& driver) {
  const std::lock_guard lock{mutex_};
  driver_ = caf::actor_cast<caf::actor_addr>(driver);
}

void call::end() {
  caf::actor driver;
  {
    const std::lock_guard lock{mutex_};
    driver = caf::actor_cast<caf::actor>(driver_);
  }
  tell(driver, to_request::end{});
}

request_state::request_state(caf::event_based_actor* self, std::shared_ptr<call> driven, pool* connections)
    : self_{self}, call_{std::move(driven)}, pool_{connections} {}

request_state::~request_state() {
  for (const auto& one : jobs_)
    if (auto still = one.lock(); still && !still->answered()) pool_->cancel(std::move(still));
}

caf::behavior request_state::make_behavior() {
  return {
      [this](const to_request::begin&) {
        guarded([this] {
          if (const auto body = call_->take_body()) body(*this);
        });
      },
      [this](const to_request::resume& m) { guarded(m.then); },
      [this](const to_request::timer& m) {
        const auto found = timers_.extract(m.id);
        if (!found.empty()) guarded(found.mapped());
      },
      [this](const to_request::end&) { quit(self_); },
  };
}

/// A continuation never runs after the call was settled, and its exception is the call's answer.
template <class F>
void request_state::guarded(const F& step) {
  if (call_->settled()) return quit(self_);
  try {
    step();
  } catch (const std::exception& e) {
    log::event(log::level::error, "request", "method threw", {{"method", label()}, {"error", e.what()}});
    reply(fail(errc::internal, "Internal error", {}, e.what()));
  } catch (...) {
    reply(fail(errc::internal, "Internal error", {}, "not a std::exception"));
  }
}

void request_state::after(duration delay, std::function<void()> then) {
  const auto id = next_timer_++;
  timers_.emplace(id, std::move(then));
  send_later(self_, delay, to_request::timer{id});
}

void request_state::reply(result<std::string> value) {
  call_->answer(std::move(value));
  quit(self_);
}

std::function<void(std::function<void()>)> request_state::resumer() {
  // Strong: what the call waits for keeps its actor reachable.
  return [driver = caf::actor_cast<caf::actor>(self_)](std::function<void()> then) {
    tell(driver, to_request::resume{std::move(then)});
  };
}

void request_state::submit(job_ptr work) {
  std::erase_if(jobs_, [](const std::weak_ptr<job>& one) { return one.expired(); });
  jobs_.push_back(work);
  pool_->submit(std::move(work));
}

}  // namespace quorate::actors
