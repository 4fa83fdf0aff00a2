// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "actors/caf.hpp"
#include "actors/pool/core.hpp"
#include "actors/pool/pool.hpp"
#include "db/session.hpp"

/// Every message of the pool's actors. They stay inside the process.
namespace quorate::actors::pooling {

// To the supervisor, from whoever holds the pool's handle.
struct submit_job {
  job_ptr work;
};
struct cancel_job {
  job_ptr work;
};
/// The operator's side: runs in the supervisor.
struct control {
  std::function<void(core&, time_point)> what;
};
struct drain_pool {
  time_point deadline;
  std::shared_ptr<void> done;  // its last owner's end is the message
};

// To the supervisor, from an actor that wants a lease (actors/pool/lease.hpp). It is answered with lease_granted or
// lease_refused, which carry `tag` back.
struct ask_lease {
  work_class cls = work_class::background;
  time_point deadline;
  std::string label;
  std::uint64_t tag = 0;
};
struct lease_granted {
  std::uint64_t tag = 0;
  lease_id id = 0;
};
struct lease_refused {
  std::uint64_t tag = 0;
  error why;
};
struct lease_step {
  lease_id id = 0;
  job_ptr work;
};
struct release_lease {
  lease_id id = 0;
};

// Between the supervisor and a connection.
struct open_connection {
  std::chrono::milliseconds timeout;
};
struct connection_opened {
  slot_id slot = 0;
  std::weak_ptr<db::session> session;  // for cancel and abort alone
};
struct connection_failed {
  slot_id slot = 0;
  std::string cause;
};
struct run_on_connection {
  run_work what;
};
struct run_returned {
  slot_id slot = 0;
  run_report report;
};
struct ping_connection {};
struct connection_pinged {
  slot_id slot = 0;
  bool alive = false;
};
struct close_connection {};

// Between the supervisor and the canceller.
struct cancel_on_server {
  slot_id slot = 0;
  job_ptr work;
  std::weak_ptr<db::session> session;
  std::chrono::milliseconds patience{};
};
struct cancel_done {
  slot_id slot = 0;
  bool sent = false;
};

/// To itself; an old generation is ignored.
struct pool_tick {
  std::uint64_t generation = 0;
};

}  // namespace quorate::actors::pooling

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::submit_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::cancel_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::control)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::drain_pool)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::ask_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::lease_granted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::lease_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::lease_step)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::release_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::open_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::connection_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::connection_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::run_on_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::run_returned)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::ping_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::connection_pinged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::close_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::cancel_on_server)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::cancel_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::pooling::pool_tick)
