// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include "actors/time.hpp"

/// The calls of CAF 0.17 that are different in 0.18 or 1.x, once, so that a newer library is a change of this file
/// alone. Everything else of CAF that the actors use has the same form in all of them. Only .cpp files and the private
/// headers of actors/ include this.
namespace quorate::actors {

/// Watches one actor; telemetry implements it. `ended` is the last call.
class actor_probe {
 public:
  virtual ~actor_probe() = default;
  virtual void enqueued() noexcept = 0;                 // any thread
  virtual caf::behavior wrap(caf::behavior inner) = 0;  // once, in the actor's own thread
  virtual void ended() noexcept = 0;                    // any thread
};

struct spawn_options {
  /// Its own thread. For what blocks; the test scheduler does not see such actors, so tests leave it off.
  bool detached = false;
  std::shared_ptr<actor_probe> probe = nullptr;
};

/// The actor around a plain state class: `State{self, dependencies...}`, `State::make_behavior()`, `State::name`. The
/// state is made and destroyed in the actor's own thread; its destructor is the place for clean-up and runs before
/// observers hear that the actor is down.
template <class State>
class state_actor final : public caf::event_based_actor {
 public:
  template <class... Deps>
  explicit state_actor(caf::actor_config& cfg, std::shared_ptr<actor_probe> probe, Deps... deps)
      : caf::event_based_actor{cfg}, probe_{std::move(probe)} {
    make_ = [this, ... deps = std::move(deps)] { return std::make_unique<State>(this, deps...); };
    set_exception_handler([](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& e) {
        return caf::make_error(caf::sec::runtime_error, std::string{e.what()});
      } catch (...) {
        return caf::make_error(caf::sec::runtime_error, std::string{"not a std::exception"});
      }
    });
  }

  const char* name() const override { return State::name; }

  caf::behavior make_behavior() override {
    state_ = std::exchange(make_, nullptr)();
    auto inner = state_->make_behavior();
    return probe_ ? probe_->wrap(std::move(inner)) : inner;
  }

  using caf::event_based_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) override {
    if (probe_ && !of_the_runtime(message->content())) probe_->enqueued();
    caf::event_based_actor::enqueue(std::move(message), unit);
  }

  void on_exit() override {
    make_ = nullptr;
    state_.reset();
    if (probe_) probe_->ended();
  }

 private:
  /// CAF handles these beside the behaviour that the probe measures: counted, they would seem to wait for ever.
  static bool of_the_runtime(const caf::type_erased_tuple& content) {
    return content.match_elements<caf::down_msg>() || content.match_elements<caf::exit_msg>();
  }

  std::shared_ptr<actor_probe> probe_;
  std::function<std::unique_ptr<State>()> make_;
  std::unique_ptr<State> state_;
};

/// Spawns a state class with its dependencies (copied).
template <class State, class... Deps>
caf::actor spawn_state(caf::actor_system& system, const spawn_options& options, Deps... deps) {
  if (options.detached) return system.spawn<state_actor<State>, caf::detached>(options.probe, std::move(deps)...);
  return system.spawn<state_actor<State>>(options.probe, std::move(deps)...);
}

/// From actor code, with the sender known to the receiver.
template <class Receiver, class... Parts>
void send(caf::event_based_actor* self, const Receiver& to, Parts&&... parts) {
  self->send(to, std::forward<Parts>(parts)...);
}
/// From any thread, without a sender.
template <class... Parts>
void tell(const caf::actor& to, Parts&&... parts) {
  if (to) caf::anon_send(to, std::forward<Parts>(parts)...);
}
/// A message to oneself. It cannot be taken back in CAF 0.17: give ticks a generation number.
template <class... Parts>
void send_later(caf::event_based_actor* self, duration delay, Parts&&... parts) {
  self->delayed_send(self, delay, std::forward<Parts>(parts)...);
}

/// Asks an actor to end; its mailbox is dropped. Harmless when it is gone.
inline void stop(const caf::actor& whom) {
  if (whom) caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
}
inline void quit(caf::event_based_actor* self) { self->quit(caf::exit_reason::user_shutdown); }

/// `handler(const caf::down_msg&)` for everything `watch`ed. One call per `watch`: forget before watching again.
template <class Handler>
void on_down(caf::event_based_actor* self, Handler handler) {
  self->set_down_handler([handler = std::move(handler)](caf::down_msg& message) { handler(message); });
}
template <class Handle>
void watch(caf::event_based_actor* self, const Handle& whom) {
  self->monitor(whom);
}
inline void forget(caf::event_based_actor* self, const caf::actor_addr& whom) { self->demonitor(whom); }

/// True when an actor ended because it was done or was asked to.
inline bool ended_in_order(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal || reason == caf::exit_reason::user_shutdown;
}
inline std::string to_text(caf::actor_system& system, const caf::error& reason) { return system.render(reason); }

/// The actor's time: steady_clock, or the virtual clock of a test.
inline time_point now(caf::event_based_actor* self) { return self->clock().now(); }

}  // namespace quorate::actors
