// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "actors/pool/job.hpp"
#include "actors/pool/pool.hpp"
#include "actors/time.hpp"

namespace quorate::actors {

/// What a JSON-RPC method that needs more than one step may do. It lives inside the request actor of its call:
/// continuations run in that actor, one after another, and never after the call was answered or its client hung up. It
/// holds no connection between its steps.
class request_context {
 public:
  virtual ~request_context() = default;

  /// One unit of work in one lease, with the call's deadline. `then` is called exactly once unless the call ends first.
  template <class T>
  void run(db::access access, db::unit_of_work<T> work, std::function<void(result<T>)> then) {
    auto resume = resumer();
    submit(make_job<T>(work_class::request, deadline(), access, label(), std::move(work),
                       [resume, then = std::move(then)](result<T> value) mutable {
                         resume(
                             [then = std::move(then), value = std::move(value)]() mutable { then(std::move(value)); });
                       }));
  }
  /// A timer of this call; it ends with the call.
  virtual void after(duration delay, std::function<void()> then) = 0;
  /// Answers the call with JSON text or an error; the first answer counts.
  virtual void reply(result<std::string> value) = 0;

  virtual time_point deadline() const = 0;
  virtual const std::string& label() const = 0;  // the method's name
  /// Brings a callback from any thread into this actor; harmless when the actor is gone.
  virtual std::function<void(std::function<void()>)> resumer() = 0;

 protected:
  /// Hands the job to the pool and remembers it, so that a hang-up cancels it.
  virtual void submit(job_ptr work) = 0;
};

/// One call, from validation to reply, as the front spawns it.
struct call_start {
  std::string label;
  time_point deadline;
  std::function<void(request_context&)> body;     // run in the request actor
  std::function<void(result<std::string>)> done;  // once, any thread: JSON text of the result
};

/// Returned for a running call: lets the socket side say that the client hung up.
class call_ticket {
 public:
  virtual ~call_ticket() = default;
  virtual void abandon() = 0;
};

/// The way into the http_front actor: admission, spawning, draining. Thread-safe.
class front {
 public:
  virtual ~front() = default;
  /// Takes one of the in-flight places (rpc calls, not HTTP requests). False: shed the load. Cheap: one atomic.
  virtual bool admit() = 0;
  virtual void leave() = 0;
  virtual std::size_t in_flight() const = 0;
  virtual bool draining() const = 0;
  /// Spawns the request actor. The place taken by admit() stays the caller's to give back.
  virtual std::shared_ptr<call_ticket> start(call_start call) = 0;
};

}  // namespace quorate::actors
