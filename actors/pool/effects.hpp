// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>

#include "actors/pool/breaker.hpp"
#include "actors/pool/lease.hpp"
#include "actors/pool/waiters.hpp"

/// What the core wants done, in order. The supervisor carries it out; the tests look at it.
namespace quorate::actors::pooling {

/// One connection, from the attempt to open it to its last byte. Never used twice.
using slot_id = std::uint64_t;

struct open_slot {
  slot_id slot;
  std::chrono::milliseconds timeout;
};
/// Run `work` until `deadline` at the latest and report with core::returned. `ping`: look first whether the connection
/// lives. `may_repeat`: when the connection breaks under a read, leave it unanswered and say so.
struct run_work {
  slot_id slot = 0;
  job_ptr work;
  time_point deadline{};
  bool ping = false;
  bool may_repeat = false;
};
/// Validate for a lease; report with core::pinged.
struct ping_slot {
  slot_id slot;
};
/// Ask the server to stop what runs there, unless `work` is over by then; report with core::cancel_sent in any case.
struct cancel_run {
  slot_id slot;
  job_ptr work;
};
/// The cancel did not help: hang up.
struct abort_slot {
  slot_id slot;
};
/// Report with core::closed when the connection exists no more.
struct close_slot {
  slot_id slot;
};
/// The first answer counts, so this may be too late; that is harmless.
struct answer_job {
  job_ptr work;
  error why;
};
struct answer_lease {
  lease_answer answer;
  result<lease_id> value;
};
/// Nothing of this holder is left in the pool.
struct forget_holder {
  holder_id holder;
};
/// After drain: every answer is given and every connection closed, or resume() has ended it.
struct drained {};

enum class acquire_result : std::uint8_t { ok, timeout, rejected, breaker, cancelled };
enum class close_reason : std::uint8_t { lifetime, idle, broken, evicted, overflow, shrunk, drained };

/// For the log and the metrics alone.
struct note {
  enum class kind : std::uint8_t {
    opened,
    open_failed,
    leased,
    overflow,
    returned,
    closing,
    acquired,
    leaked,
    tripped,
    recovered
  };
  kind what;
  slot_id slot = 0;
  work_class cls = work_class::request;
  duration time{};  // connect, wait, lease or age
  close_reason why = close_reason::broken;
  acquire_result got = acquire_result::ok;
  std::string text{};  // label or cause
};

using effect = std::variant<open_slot, run_work, ping_slot, cancel_run, abort_slot, close_slot, answer_job,
                            answer_lease, forget_holder, drained, note>;

const char* name(acquire_result r) noexcept;
const char* name(close_reason r) noexcept;

}  // namespace quorate::actors::pooling
