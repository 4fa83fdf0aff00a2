// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <caf/actor_addr.hpp>

#include "actors/caf.hpp"
#include "actors/interfaces.hpp"
#include "actors/request.hpp"

/// Private to actors/: one call and the actor that drives it.
namespace quorate::actors {

/// A call on its way: in the front's inbox, then in its request actor. Whoever owns it last answers it: destroying it
/// unanswered is an answer (errc::internal), so nothing that dies on the way can lose a caller.
class call {
 public:
  explicit call(call_start start) : start_{std::move(start)} {}
  ~call();
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  const std::string& label() const { return start_.label; }
  time_point deadline() const { return start_.deadline; }
  /// In the request actor, once.
  std::function<void(request_context&)> take_body() { return std::exchange(start_.body, nullptr); }

  /// The first answer counts; false for any other.
  bool answer(result<std::string> value);
  /// The client hung up: no answer is due any more. False: it was answered.
  bool abandon();
  bool settled() const { return settled_.load(std::memory_order_acquire); }

  /// Says which actor drives it.
  void attach(const caf::actor& driver);
  /// Tells that actor to end.
  void end();

 private:
  call_start start_;
  std::atomic<bool> settled_{false};
  std::mutex mutex_;
  // Weak: when nothing can reach the actor any more (a method forgot to reply), CAF ends it and the destructor answers.
  caf::actor_addr driver_;
};

/// The request actor: lives for one call, runs its continuations one after another, never blocks, never holds a
/// connection. It ends when the call is answered or abandoned; jobs still in the pool are cancelled then.
class request_state final : public request_context {
 public:
  static constexpr const char* name = "request";

  request_state(caf::event_based_actor* self, std::shared_ptr<call> driven, pool* connections);
  ~request_state() override;
  caf::behavior make_behavior();

  void after(duration delay, std::function<void()> then) override;
  void reply(result<std::string> value) override;
  time_point deadline() const override { return call_->deadline(); }
  const std::string& label() const override { return call_->label(); }
  std::function<void(std::function<void()>)> resumer() override;

 protected:
  void submit(job_ptr work) override;

 private:
  template <class F>
  void guarded(const F& step);

  caf::event_based_actor* self_;
  std::shared_ptr<call> call_;
  pool* pool_;
  // Weak: a job lost with the actor that held it must be able to answer by being destroyed.
  std::vector<std::weak_ptr<job>> jobs_;
  std::map<std::uint64_t, std::function<void()>> timers_;
  std::uint64_t next_timer_ = 1;
};

}  // namespace quorate::actors
