// SPDX-License-Identifier: MIT
#include <algorithm>

#include "actors/pool/core.hpp"

/// Leases of several steps (actors/pool/lease.hpp).
namespace quorate::actors::pooling {

void core::lease(lease_request request, time_point now) {
  now_ = now;
  ++holders_[request.holder];
  const auto deadline = std::min(request.deadline, now + settings_.timeout);
  ticket t{.kind = ticket_kind::lease, .cls = request.cls, .arrived = now, .deadline = deadline};
  t.request = std::move(request);
  admit(std::move(t));
}

void core::grant(ticket& t, ticket_id id) {
  t.granted = true;
  // From now on it is held, not waited for; the pool's own time-out is for each step of it.
  deadlines_.erase({t.deadline, id});
  t.deadline = t.request.deadline;
  deadlines_.emplace(t.deadline, id);
  emit(answer_lease{t.request.answer, id});
}

void core::step(lease_id id, job_ptr work, time_point now) {
  now_ = now;
  const auto found = tickets_.find(id);
  if (found == tickets_.end() || !found->second.granted) {
    emit(answer_job{std::move(work), {errc::cancelled, "Request cancelled", {}, "the lease is over"}});
    return;
  }
  ticket t{.kind = ticket_kind::step,
           .cls = found->second.cls,
           .arrived = now,
           .deadline = std::min({work->deadline, found->second.deadline, now + settings_.timeout})};
  t.parent = id;
  t.slot = found->second.slot;
  const auto step_id = ++last_ticket_;
  work->ticket = step_id;
  t.work = std::move(work);
  deadlines_.emplace(t.deadline, step_id);
  tickets_.emplace(step_id, std::move(t));
  tickets_.at(id).steps.push_back(step_id);
  next_step(id);
}

void core::next_step(ticket_id id) {
  ticket& lease = tickets_.at(id);
  const slot& s = slots_.at(lease.slot);
  if (s.busy || s.cancelling || lease.steps.empty()) return;
  lease.running_step = lease.steps.front();
  lease.steps.pop_front();
  begin_run(lease.slot, tickets_.at(lease.running_step), false);
}

void core::release(lease_id id, time_point now) {
  now_ = now;
  const auto found = tickets_.find(id);
  if (found == tickets_.end() || !found->second.granted) return;
  end_lease(id, cancelled());
  settle();
}

void core::holder_down(holder_id holder, time_point now) {
  now_ = now;
  std::vector<ticket_id> theirs;
  for (const auto& [id, t] : tickets_)
    if (t.kind == ticket_kind::lease && t.request.holder == holder) theirs.push_back(id);
  for (const auto id : theirs) {
    if (tickets_.at(id).slot == 0)
      refuse(id, cancelled(), acquire_result::cancelled);
    else
      end_lease(id, cancelled());
  }
  settle();
}

/// One that occupies a connection, granted or still being validated.
void core::end_lease(ticket_id id, const error& why, bool broken) {
  ticket& lease = tickets_.at(id);
  const auto on = lease.slot;
  auto steps = std::move(lease.steps);
  if (lease.running_step != 0) steps.push_front(lease.running_step);
  for (const auto step_id : steps) {
    reply(tickets_.at(step_id), why);
    erase(step_id);
  }
  reply(lease, why);
  erase(id);
  slot& s = slots_.at(on);
  s.occupant = 0;
  if (s.busy)
    stop_run(on);
  else
    vacate(on, broken);
}

}  // namespace quorate::actors::pooling
