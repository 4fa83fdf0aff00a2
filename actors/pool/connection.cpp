// SPDX-License-Identifier: MIT
#include "actors/pool/connection.hpp"

#include <algorithm>

#include "chain/log.hpp"

namespace quorate::actors::pooling {
namespace {

std::chrono::milliseconds time_for_ping(duration remaining) {
  using std::chrono::milliseconds;
  return std::clamp(std::chrono::ceil<milliseconds>(remaining), milliseconds{1}, ping_timeout);
}

/// The requester's callback is foreign code; its exception must not take the connection down.
void finish(job& work, status value) {
  try {
    work.finish(std::move(value));
  } catch (const std::exception& e) {
    log::event(log::level::error, "pool", "answer callback threw", {{"label", work.label}, {"error", e.what()}});
  }
}

}  // namespace

connection::connection(caf::event_based_actor* self, parts_ptr shared, slot_id slot, caf::actor supervisor,
                       std::shared_ptr<void> alive)
    : self_{self},
      parts_{std::move(shared)},
      slot_{slot},
      supervisor_{std::move(supervisor)},
      alive_{std::move(alive)} {}

caf::behavior connection::make_behavior() {
  return {
      [this](const open_connection& m) { open(m.timeout); },
      [this](const run_on_connection& m) { run(m.what); },
      [this](const ping_connection&) {
        const bool alive = session_ && session_->ping(ping_timeout);
        if (!alive) session_.reset();
        send(self_, supervisor_, connection_pinged{slot_, alive});
      },
      [this](const close_connection&) {
        session_.reset();
        quit(self_);
      },
  };
}

void connection::open(std::chrono::milliseconds timeout) {
  auto opened = parts_->connector->open(timeout);
  if (opened) {
    session_ = std::move(*opened);
    send(self_, supervisor_, connection_opened{slot_, session_});
  } else {
    const auto& why = opened.error();
    send(self_, supervisor_, connection_failed{slot_, why.detail.empty() ? why.message : why.detail});
    quit(self_);
  }
}

void connection::run(const run_work& what) {
  run_report report;
  if (!session_ || (what.ping && !session_->ping(time_for_ping(what.deadline - now(self_)))))
    report.ping_failed = true;
  else
    report = run_body(what);
  if (report.broken || report.ping_failed) session_.reset();
  send(self_, supervisor_, run_returned{slot_, report});
}

run_report connection::run_body(const run_work& what) {
  job& work = *what.work;
  run_report report;
  work.progress(job::phase::running);
  if (work.answered()) {
    work.progress(job::phase::over);
    return report;
  }
  db::outcome left;
  try {
    const db::run_options options{work.access, statement_timeout(what.deadline - now(self_)),
                                  [&work] { return work.answered(); }};
    left = session_->run(options, work.body);
  } catch (const std::exception& e) {
    left = {fail(errc::internal, "Internal error", {}, e.what()), true, false};
  }
  report.broken = left.broken;
  report.served = left.value.has_value();
  report.server_gone = left.server_gone;
  report.unanswered = what.may_repeat && left.broken && !left.value && !work.answered();
  work.progress(report.unanswered ? job::phase::waiting : job::phase::over);
  if (!report.unanswered) finish(work, std::move(left.value));
  return report;
}

}  // namespace quorate::actors::pooling
