// SPDX-License-Identifier: MIT
#include "rpc/detail/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "chain/log.hpp"
#include "chain/utf8.hpp"
#include "rpc/bind.hpp"
#include "rpc/gate.hpp"

namespace quorate::rpc::detail {

namespace {

constexpr int retry_after_s = 1;

error exception_error(const std::exception& e) { return {errc::internal, "Internal error", {}, e.what()}; }

/// Handlers answer with values; one that throws all the same has failed, and nothing else has.
template <class F>
std::invoke_result_t<F> guarded(F&& f) {
  try {
    return std::forward<F>(f)();
  } catch (const std::exception& e) {
    return tl::unexpected{exception_error(e)};
  }
}

tl::unexpected<error> shed(std::string message) {
  return fail(errc::server_busy, std::move(message), fmt::format(R"({{"retry_after_seconds":{}}})", retry_after_s));
}

}  // namespace

exchange::exchange(std::shared_ptr<core> c, caller who, rpc::request request, endpoint::done_function done)
    : owner_{std::move(c)},
      core_{*owner_},
      who_{std::move(who)},
      batch_{request.batch},
      calls_(request.entries.size()),
      open_{calls_.size() + 1},
      done_{std::move(done)} {
  for (std::size_t i = 0; i < calls_.size(); ++i) calls_[i].asked = std::move(request.entries[i]);
}

std::optional<reply> exchange::run() {
  for (running_call& c : calls_) start(c);
  if (!last_of_all() || settled_.exchange(true, std::memory_order_acq_rel)) return std::nullopt;
  return assemble();
}

void exchange::start(running_call& c) {
  c.started = core_.now();
  const auto found = core_.methods.find(c.asked.method);
  c.method = c.asked.valid && found != core_.methods.end() ? &found->second : &core_.unknown;
  if (auto bound = bind(c); !bound) return finish(c, tl::unexpected{std::move(bound.error())});
  c.trail = tell_call(core_, *c.method->declared, *c.bound);
  std::visit([&](const auto& h) { dispatch(c, h); }, c.method->declared->handler);
}

status exchange::bind(running_call& c) {
  if (!c.asked.valid) return fail(errc::invalid_request, "Invalid Request");
  const method* m = c.method->declared;
  if (m == nullptr) return fail(errc::method_not_found, "Method not found: " + chain::excerpt(c.asked.method));
  if (auto admitted = admit(c); !admitted) return admitted;
  auto args = arrange(*m, std::move(c.asked.params));
  if (!args) return tl::unexpected{std::move(args.error())};
  const std::string& key = args->admin_key.empty() ? who_.admin_key : args->admin_key;
  if (auto open = pass_gate(m->gate, core_.settings, key); !open) return open;
  if (auto checked = check_types(*m, *args); !checked) return checked;
  c.bound.emplace(call{who_, std::move(args->values), c.started + m->patience.value_or(core_.settings.call_timeout)});
  if (m->gate == gate::admin_or_signature) c.bound->trusted = pass_gate(gate::admin, core_.settings, key).has_value();
  return {};
}

status exchange::admit(running_call& c) {
  if (core_.front.admit()) {
    c.admitted = true;
    return {};
  }
  c.turned_away = true;
  if (core_.front.draining()) return shed("Server is shutting down, retry later");
  return shed(fmt::format("Server busy: {} calls in flight, retry later", core_.front.in_flight()));
}

void exchange::dispatch(running_call& c, const immediate& h) {
  finish(c, guarded([&] { return h.answer(*c.bound); }));
}

void exchange::dispatch(running_call& c, const keyed_read& h) {
  auto key = guarded([&] { return h.key(*c.bound); });
  if (!key) return finish(c, tl::unexpected{std::move(key.error())});
  core_.reads.read(
      {h.kind, std::move(*key), c.bound->deadline, [self = shared_from_this(), &c, &h](result<db::read_value> value) {
         if (!value) return self->finish(c, tl::unexpected{std::move(value.error())});
         self->render(c, h, std::move(*value));
       }});
}

/// On the connection's thread, inside its lease. A small value is put into words there, which is cheaper than waking
/// anybody; a large one in a request actor, while the connection reads on.
void exchange::render(running_call& c, const keyed_read& h, db::read_value value) {
  if (!db::is_large(h.kind)) return finish(c, guarded([&] { return h.render(*c.bound, value); }));
  if (c.finished.load(std::memory_order_acquire)) return;  // its client has left
  spawn(c, [self = shared_from_this(), &c, &h, value = std::move(value)](actors::request_context& context) {
    context.reply(guarded([&] { return h.render(*c.bound, value); }));
  });
}

void exchange::dispatch(running_call& c, const unit& h) {
  auto work = guarded([&] { return h.prepare(*c.bound); });
  if (!work) return finish(c, tl::unexpected{std::move(work.error())});
  spawn(c, [access = h.access, work = std::move(*work)](actors::request_context& context) {
    work.start(access, context);
  });
}

void exchange::dispatch(running_call& c, const steps& h) {
  spawn(c, [self = shared_from_this(), &c, &h](actors::request_context& context) {
    try {
      h.start(*c.bound, context);
    } catch (const std::exception& e) {
      context.reply(tl::unexpected{exception_error(e)});
    }
  });
}

void exchange::spawn(running_call& c, std::function<void(actors::request_context&)> body) {
  auto ticket = core_.front.start(
      {c.method->declared->name, c.bound->deadline, std::move(body),
       [self = shared_from_this(), &c](result<json_text> value) { self->finish(c, std::move(value)); }});
  // A call that has its answer needs no ticket; one that was kept would keep this exchange alive in a circle.
  const std::lock_guard lock{tickets_};
  if (!c.finished.load(std::memory_order_acquire)) c.ticket = std::move(ticket);
}

void exchange::leave(running_call& c) {
  if (std::exchange(c.admitted, false)) core_.front.leave();
}

void exchange::finish(running_call& c, result<json_text> value) {
  if (c.finished.exchange(true, std::memory_order_acq_rel)) return;
  {
    const std::lock_guard lock{tickets_};
    c.ticket.reset();
  }
  leave(c);
  c.outcome = value ? outcome::ok : describe(value.error().code).outcome;
  report(c, value ? nullptr : &value.error());
  if (c.trail) tell_end(core_, *c.method->declared, *c.trail, value);
  // What could not be understood is answered even without an id (Q8); a notification never is.
  if (!c.asked.notification || !c.asked.valid) {
    if (value) {
      append_result(c.answer, *value, c.asked.id);
    } else {
      append_error(c.answer, value.error(), c.asked.id, who_.request_id);
    }
  }
  if (!last_of_all() || settled_.exchange(true, std::memory_order_acq_rel)) return;
  // Moved out first: what it refers to may refer to this exchange.
  const auto done = std::move(done_);
  done(assemble());
}

void exchange::abandon() {
  if (settled_.exchange(true, std::memory_order_acq_rel)) return;
  done_ = nullptr;
  for (running_call& c : calls_) {
    if (c.finished.exchange(true, std::memory_order_acq_rel)) continue;
    leave(c);
    c.outcome = outcome::abandoned;
    report(c, nullptr);
    std::shared_ptr<actors::call_ticket> ticket;
    {
      const std::lock_guard lock{tickets_};
      ticket = std::move(c.ticket);
    }
    if (ticket) ticket->abandon();
  }
}

reply exchange::assemble() {
  reply out;
  if (std::all_of(calls_.begin(), calls_.end(), [](const running_call& c) { return c.turned_away; })) {
    out.status = 503;
    out.retry_after_s = retry_after_s;
  }
  if (!batch_) {
    out.body = std::move(calls_.front().answer);
  } else {
    std::size_t size = 2;
    for (const running_call& c : calls_) size += c.answer.size() + 1;
    out.body.reserve(size);
    for (const running_call& c : calls_) {
      if (c.answer.empty()) continue;
      out.body += out.body.empty() ? '[' : ',';
      out.body += c.answer;
    }
    if (!out.body.empty()) out.body += ']';
  }
  if (out.body.empty() && out.status == 200) out.status = 204;
  return out;
}

void exchange::report(const running_call& c, const error* e) const {
  const auto took = core_.now() - c.started;
  c.method->metrics.count(c.outcome, took);
  // Arguments and results never get here, so no key can leak into a log (Q13).
  auto level = log::level::debug;
  if (c.outcome == outcome::failed) {
    level = e != nullptr && describe(e->code).code == -32603 ? log::level::error : log::level::warning;
  } else if (c.method->declared != nullptr && c.method->declared->level == log_level::info) {
    level = log::level::info;
  }
  if (!log::enabled(level)) return;
  std::vector<log::field> fields{
      {"method", c.method->declared != nullptr ? std::string_view{c.method->declared->name} : "unknown"},
      {"outcome", to_string(c.outcome)},
      {"took_us", std::chrono::duration_cast<std::chrono::microseconds>(took).count()},
      {"request_id", who_.request_id}};
  if (e != nullptr) {
    fields.emplace_back("code", describe(e->code).code);
    if (!e->detail.empty()) fields.emplace_back("detail", e->detail);
  }
  log::event(level, "rpc", "call", fields);
}

}  // namespace quorate::rpc::detail
