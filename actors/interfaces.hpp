// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>

#include "actors/time.hpp"
#include "actors/web3/effects.hpp"
#include "chain/result.hpp"
#include "db/processing.hpp"
#include "db/transfers.hpp"

/// Every message of every actor, once, grouped by who receives it. All of them stay inside the process. Payloads that
/// must be answered (jobs, calls, reads) answer for themselves in their destructors, so a message dropped with a dying
/// actor's mailbox loses nobody. The pool's messages stand in actors/pool/messages.hpp.
namespace quorate::actors {

namespace to_supervisor {
/// A child's backoff is over. A tick that is not the child's latest is ignored.
struct restart_due {
  std::size_t child = 0;
  std::uint64_t tick = 0;
};
/// Stop the children in reverse order; kill what is left after `deadline`.
struct stop {
  duration deadline{};
  std::function<void(bool in_time)> done;
};
struct stop_deadline {};
}  // namespace to_supervisor

namespace to_front {
/// The inbox holds calls to spawn; sent when it was empty.
struct wake {};
/// Time to look for calls past their deadline. Armed only while calls are live.
struct sweep {
  std::uint64_t tick = 0;
};
/// New calls are refused from now on; say when none is in flight, or end the rest at the deadline.
struct drain {};
/// The last call in flight has left while draining.
struct idle {};
struct drain_deadline {};
}  // namespace to_front

namespace to_request {
/// Run the call's body.
struct begin {};
/// A continuation from another thread.
struct resume {
  std::function<void()> then;
};
/// A timer of the call is over.
struct timer {
  std::uint64_t id = 0;
};
/// The call was answered or abandoned elsewhere: end.
struct end {};
}  // namespace to_request

namespace to_read_gateway {
/// Reads wait: look for those past their deadline until none has waited for a while.
struct arm {};
struct sweep {
  std::uint64_t tick = 0;
};
}  // namespace to_read_gateway

namespace to_claimer {
/// There may be work: a notification, a finished queue, a change by another loop.
struct nudge {};
/// Polling, the fallback. A tick that is not the latest is ignored.
struct poll {
  std::uint64_t tick = 0;
};
/// What pending_sends found in the turn of that number.
struct found {
  std::uint64_t turn = 0;
  result<std::vector<db::processing::candidate>> candidates;
};
/// A contract queue is done with one transaction.
struct turn_over {
  std::string recipient;
  std::string hash;
  result<db::processing::send_outcome> outcome;
};
/// A contract queue has waited long enough after a failure and would try again.
struct rested {
  std::string recipient;
};
}  // namespace to_claimer

namespace to_settler {
/// There may be transfers to settle: a notification, a commit of this process, a change by another loop.
struct nudge {};
struct poll {
  std::uint64_t tick = 0;
};
/// The database has answered in the turn of that number.
struct settled {
  std::uint64_t turn = 0;
  result<db::transfers::settlement> done;
};
}  // namespace to_settler

namespace to_contract_queue {
/// Process this transaction, the oldest of the queue's recipient.
struct process {
  std::string hash;
};
/// The database has answered attempt number `attempt`.
struct settled {
  std::uint64_t attempt = 0;
  result<db::processing::send_outcome> outcome;
};
struct backoff_over {
  std::uint64_t attempt = 0;
};
}  // namespace to_contract_queue

namespace to_finalizer {
/// Something may be due earlier than planned.
struct nudge {};
/// The stored finality window may have changed: load it, then look.
struct reload {};
/// A transaction began to wait for its window at this Unix time.
struct awaiting {
  std::int64_t since = 0;
};
struct due {
  std::uint64_t tick = 0;
};
/// The database's answers within the turn of that number.
struct window_read {
  std::uint64_t turn = 0;
  result<std::optional<std::int64_t>> seconds;
};
struct found {
  std::uint64_t turn = 0;
  result<std::vector<db::processing::candidate>> candidates;
};
struct finalized {
  std::uint64_t turn = 0;
  result<bool> done;
};
}  // namespace to_finalizer

namespace to_recoverer {
struct due {
  std::uint64_t tick = 0;
};
struct recovered {
  result<db::processing::recovery_report> report;
};
}  // namespace to_recoverer

namespace to_event_hub {
/// The inbox holds events to tell; sent when it was empty.
struct wake {};
/// Somebody watches heads now.
struct heads {};
/// A second is over. A tick that is not the latest is ignored.
struct second {
  std::uint64_t tick = 0;
};
}  // namespace to_event_hub

namespace to_web3 {
/// Rows may wait in the outbox.
struct nudge {};
struct due {
  std::uint64_t tick = 0;
};
/// The link has answered, the database has answered.
struct linked {
  web3::ticket ticket = 0;
  web3::link_answer answer;
};
struct turned {
  web3::ticket ticket = 0;
  result<db::forwards::turn_report> report;
};
/// The lease was given back, or it cannot be.
struct left {};
/// Call `then` when this transaction is recorded, when that has failed, or when the node is away; after `until` never.
struct await {
  std::string hash;
  time_point until;
  std::function<void()> then;
};
/// Leave the node and the lease, then say so.
struct stop {
  std::function<void()> done;
};
}  // namespace to_web3

}  // namespace quorate::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_supervisor::restart_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_supervisor::stop)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_supervisor::stop_deadline)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_front::wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_front::sweep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_front::drain)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_front::idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_front::drain_deadline)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_request::begin)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_request::resume)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_request::timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_request::end)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_read_gateway::arm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_read_gateway::sweep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_claimer::nudge)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_claimer::poll)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_claimer::found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_claimer::turn_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_claimer::rested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_settler::nudge)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_settler::poll)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_settler::settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_contract_queue::process)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_contract_queue::settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_contract_queue::backoff_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::nudge)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::reload)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::awaiting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::window_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_finalizer::finalized)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_recoverer::due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_recoverer::recovered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_event_hub::wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_event_hub::heads)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_event_hub::second)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::nudge)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::linked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::turned)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::await)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quorate::actors::to_web3::stop)
