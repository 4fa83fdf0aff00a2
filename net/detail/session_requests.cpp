// SPDX-License-Identifier: MIT
#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "chain/log.hpp"
#include "net/detail/context.hpp"
#include "net/detail/cors.hpp"
#include "net/detail/router.hpp"
#include "net/detail/session.hpp"
#include "net/detail/socket_session.hpp"

/// The half of a session that knows requests and replies; session.cpp knows the socket and the deadlines.
namespace quorate::net::detail {
namespace {

/// Replies that wait for a slow reader: beyond this no further request is started.
constexpr std::size_t output_limit = 256u << 10;

rpc::reply plain(int status, std::string body) {
  rpc::reply r;
  r.status = status;
  r.body = std::move(body);
  return r;
}

/// The body FastAPI would send, docs/spec/json-rpc.md §2.
rpc::reply detail_reply(int status) { return plain(status, fmt::format(R"({{"detail":"{}"}})", reason_of(status))); }

constexpr std::string_view no_engine_io =
    R"({"detail":"Engine.IO and Socket.IO are not spoken here. Open a plain WebSocket at /ws"})";

rpc::reply too_large(std::size_t limit) {
  return plain(413,
               fmt::format(R"({{"jsonrpc":"2.0","error":{{"code":-32600,"message":"Request body exceeds {} bytes"}})"
                           R"(,"id":null}})",
                           limit));
}

refused reason_to_count(int status) {
  switch (status) {
    case 413: return refused::body_too_large;
    case 431: return refused::head_too_large;
    default: return refused::bad_request;
  }
}

}  // namespace

session::halt session::take_requests() {
  using state = request_reader::state;
  while (taking_) {
    if (slots_.size() >= shared_.settings.pipeline) return halt::pipeline_full;
    if (output_.size() >= output_limit || writing_) return halt::output_full;
    if (waiting_input() == 0) return halt::starved;
    used_ += reader_.feed(std::string_view(input_).substr(used_));
    if (reader_.where() == state::complete) {
      start_request();
      reader_.next();
      continued_ = false;
      phase_ = phase::working;
    } else if (reader_.where() == state::refused) {
      shared_.count.refuse(reason_to_count(reader_.refusal()));
      refuse(reader_.refusal());
    } else {
      if (reader_.where() == state::body) promise_continue();
      return halt::starved;
    }
  }
  return halt::ended;
}

session::slot session::new_slot() {
  auto& head = reader_.head();
  slot s;
  s.id = next_slot_++;
  s.http_1_0 = head.http_1_0;
  s.is_head = head.method == verb::head;
  s.last = !head.keep_alive;
  s.request_id = is_valid_request_id(head.request_id) ? std::move(head.request_id) : shared_.ids.next();
  append_cors(s.cors, head);
  return s;
}

void session::start_request() {
  had_request_ = true;
  auto s = new_slot();
  if (s.last) taking_ = false;
  const auto where = find_route(reader_.head());
  switch (where.to) {
    case destination::call: return call(std::move(s));
    case destination::read:
      return begin(std::move(s), [&](auto done) { return shared_.endpoint.get(where.path, std::move(done)); });
    case destination::preflight: {
      s.cors.clear();
      append_preflight(s.cors, reader_.head());
      auto ok = plain(200, "OK");
      ok.content_type = "text/plain; charset=utf-8";
      return finish(std::move(s), ok);
    }
    case destination::redirect: {
      auto moved = plain(307, {});
      moved.content_type = {};
      return finish(std::move(s), moved, {}, "/api");
    }
    case destination::method_not_allowed: return finish(std::move(s), detail_reply(405), where.allow);
    case destination::not_found: return finish(std::move(s), detail_reply(404));
    case destination::socket: return upgrade(std::move(s));
    case destination::upgrade_required:
      return finish(std::move(s), detail_reply(426), {}, {}, "Upgrade: websocket\r\n");
    case destination::engine_io: return finish(std::move(s), plain(400, std::string{no_engine_io}));
  }
}

/// After which the session has no socket any more, and ends.
void session::upgrade(slot s) {
  // What came behind the request would be lost; RFC 6455 lets nobody send before the answer.
  if (!is_alone() || s.http_1_0) return finish(std::move(s), detail_reply(400));
  if (shared_.draining || shared_.sockets >= shared_.settings.sockets) {
    shared_.count.refuse(refused::sockets);
    auto busy = detail_reply(503);
    busy.retry_after_s = 1;
    return finish(std::move(s), busy);
  }
  auto who = take_caller(s.request_id);
  closed_ = true;
  taking_ = false;
  auto next = std::make_shared<socket_session>(std::move(socket_), peer_text(), std::move(who), shared_);
  shared_.open.replace(*this, next);
  next->start(reader_.head());
}

rpc::caller session::take_caller(const std::string& request_id) {
  auto& head = reader_.head();
  rpc::caller who;
  const bool forwarded = !head.forwarded_for.empty() || !head.real_ip.empty();
  who.address = forwarded ? shared_.clients.find(peer_, head.forwarded_for, head.real_ip) : peer_text();
  who.session_id = std::move(head.session_id);
  who.admin_key = std::move(head.admin_key);
  who.request_id = request_id;
  return who;
}

void session::call(slot s) {
  auto who = take_caller(s.request_id);
  begin(std::move(s),
        [&](auto done) { return shared_.endpoint.post(std::move(reader_.body()), std::move(who), std::move(done)); });
}

/// Hands work to the endpoint: answered on the spot, or a slot that waits for its ticket.
template <class Start>
void session::begin(slot s, Start start) {
  auto ticket = std::make_shared<reply_ticket>(shared_.replies, weak_from_this(), s.id);
  rpc::endpoint::started started;
  try {
    started = start([ticket](rpc::reply r) { ticket->answer(std::move(r)); });
  } catch (const std::exception& e) {
    log::event(log::level::error, "http", "request failed", {{"request_id", s.request_id}, {"error", e.what()}});
    started.answer = unanswered(s.request_id);
  }
  if (started.answer) {
    ticket->void_it();
    return finish(std::move(s), *started.answer);
  }
  s.running = std::move(started.running);
  slots_.push_back(std::move(s));
}

/// Answers what cannot be read on; the connection ends with it.
void session::refuse(int status) {
  auto s = new_slot();
  s.last = true;
  taking_ = false;
  finish(std::move(s), status == 413 ? too_large(shared_.settings.body_limit) : detail_reply(status));
}

/// "Send the body": in its turn, after the replies to earlier requests.
void session::promise_continue() {
  if (!reader_.head().expect_continue || continued_ || waiting_input() > 0) return;
  continued_ = true;
  constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  if (slots_.empty()) {
    output_ += go_on;
    return;
  }
  slot s;
  s.id = next_slot_++;
  s.ready = true;
  s.text = go_on;
  slots_.push_back(std::move(s));
}

/// A reply that is there before its request has a slot.
void session::finish(slot s, const rpc::reply& reply, std::string_view allow, std::string_view location,
                     std::string_view more) {
  s.cors += more;
  if (slots_.empty()) return append_reply(output_, s, true, reply, allow, location);
  append_reply(s.text, s, true, reply, allow, location);
  s.ready = true;
  slots_.push_back(std::move(s));
}

void session::deliver(std::uint64_t slot_id, const std::optional<rpc::reply>& answer) {
  const auto found = std::find_if(slots_.begin(), slots_.end(), [=](const slot& s) { return s.id == slot_id; });
  if (closed_ || found == slots_.end() || found->ready) return;
  std::optional<rpc::reply> made;
  if (!answer) made = unanswered(found->request_id);
  const rpc::reply& reply = answer ? *answer : *made;
  const bool newest = std::next(found) == slots_.end();
  if (found != slots_.begin()) {
    append_reply(found->text, *found, newest, reply);
    found->ready = true;
    found->running.reset();
    return;
  }
  append_reply(output_, *found, newest, reply);
  slots_.pop_front();
  while (!slots_.empty() && slots_.front().ready) {
    output_ += slots_.front().text;
    slots_.pop_front();
  }
}

void session::append_reply(std::string& out, const slot& s, bool newest, const rpc::reply& reply,
                           std::string_view allow, std::string_view location) {
  const auto at = reader_.where();
  const bool reading_next = at == request_reader::state::head || at == request_reader::state::body;
  const bool drained = shared_.draining && newest && !reading_next;
  if (drained) taking_ = false;
  response_head head;
  head.status = reply.status;
  head.content_type = reply.content_type;
  head.request_id = s.request_id;
  head.extra = s.cors;
  head.allow = allow;
  head.location = location;
  head.date = shared_.date;
  head.retry_after_s = reply.retry_after_s;
  head.close = s.last || drained;
  head.http_1_0 = s.http_1_0;
  head.body_left_out = s.is_head;
  append_response(out, head, reply.body);
  shared_.count.answered(reply.status);
}

}  // namespace quorate::net::detail
