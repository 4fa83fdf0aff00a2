// SPDX-License-Identifier: MIT
#include "actors/pool/handle.hpp"

#include "actors/pool/supervisor.hpp"

namespace quorate::actors {
namespace {

using namespace pooling;

error no_supervisor() { return database_unavailable({}, "the pool is not running"); }

/// A callback that is called once even if the message that carries it is dropped.
template <class T>
struct promised {
  promised(std::function<void(T)> f, T otherwise) : done{std::move(f)}, fallback{std::move(otherwise)} {}
  promised(const promised&) = delete;
  promised& operator=(const promised&) = delete;
  ~promised() {
    if (done) done(std::move(fallback));
  }
  void operator()(T value) { std::exchange(done, nullptr)(std::move(value)); }

  std::function<void(T)> done;
  T fallback;
};

}  // namespace

caf::actor pool_handle::spawn(caf::actor_system& system) const {
  return spawn_state<supervisor>(system, parts_->options(supervisor::name, false), parts_);
}

void pool_handle::submit(job_ptr work) {
  if (!supervisor_.tell(submit_job{work})) work->finish(tl::unexpected{no_supervisor()});
}

void pool_handle::cancel(job_ptr work) { supervisor_.tell(cancel_job{std::move(work)}); }

void pool_handle::inspect(std::function<void(pool_snapshot)> done) {
  pool_snapshot nothing;
  nothing.settings = parts_->settings();
  nothing.breaker = "open";
  auto answer = std::make_shared<promised<pool_snapshot>>(std::move(done), nothing);
  supervisor_.tell(control{[answer, shared = parts_](core& c, time_point now) {
    auto at = c.snapshot(now);
    at.listening = shared->listening.load();
    (*answer)(std::move(at));
  }});
}

void pool_handle::configure(pool_settings settings, std::function<void(status)> done) {
  adjust([settings](const pool_settings&) -> result<pool_settings> { return settings; }, std::move(done));
}

void pool_handle::adjust(std::function<result<pool_settings>(pool_settings)> change, std::function<void(status)> done) {
  auto answer = std::make_shared<promised<status>>(std::move(done), tl::unexpected{no_supervisor()});
  supervisor_.tell(control{[answer, change = std::move(change), shared = parts_](core& c, time_point now) {
    const auto wanted = change(c.settings());
    if (!wanted) return (*answer)(tl::unexpected{wanted.error()});
    auto changed = c.configure(*wanted, now);
    if (changed) shared->settings(*wanted);
    (*answer)(std::move(changed));
  }});
}

void pool_handle::pause() {
  parts_->asked_for = parts::mode::paused;
  supervisor_.tell(control{[](core& c, time_point) { c.pause(); }});
}

void pool_handle::resume() {
  parts_->asked_for = parts::mode::open;
  supervisor_.tell(control{[](core& c, time_point now) { c.resume(now); }});
}

void pool_handle::drain(time_point deadline, std::function<void()> done) {
  parts_->asked_for = parts::mode::draining;
  supervisor_.tell(drain_pool{deadline, std::shared_ptr<void>{nullptr, [done = std::move(done)](void*) { done(); }}});
}

void pool_handle::evict() {
  supervisor_.tell(control{[](core& c, time_point now) { c.evict(now); }});
}

void pool_handle::lease(caf::event_based_actor* holder, const ask_lease& what) const {
  if (const auto to = supervisor_.get())
    send(holder, to, what);
  else
    send(holder, caf::actor_cast<caf::actor>(holder), lease_refused{what.tag, no_supervisor()});
}

void pool_handle::step(lease_id id, job_ptr work) const {
  if (!supervisor_.tell(lease_step{id, work})) work->finish(tl::unexpected{no_supervisor()});
}

void pool_handle::release(lease_id id) const { supervisor_.tell(release_lease{id}); }

}  // namespace quorate::actors
