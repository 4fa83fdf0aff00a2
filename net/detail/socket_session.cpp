// SPDX-License-Identifier: MIT
#include "net/detail/socket_session.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/option.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "chain/log.hpp"
#include "net/detail/context.hpp"

namespace quorate::net::detail {
namespace {

namespace ws = boost::beast::websocket;
namespace http = boost::beast::http;
using beast_error = boost::beast::error_code;

/// Messages nobody has looked at yet: beyond this, reading stops until some are answered.
constexpr std::size_t socket_read_ahead = 64u << 10;
/// Replies that wait for a slow reader: beyond this, no further message is looked at.
constexpr std::size_t socket_reply_limit = 256u << 10;
constexpr std::size_t part_size = 64u << 10;
constexpr std::size_t kept_buffer = 64u << 10;
constexpr std::size_t worth_compressing = 512;
constexpr std::chrono::milliseconds goodbye_deadline{2'000};

/// Small windows: 24 KiB a socket instead of 256, which is what an idle page should cost.
ws::permessage_deflate compression(bool wanted) {
  ws::permessage_deflate d;
  d.server_enable = wanted;
  d.server_max_window_bits = 12;
  d.compLevel = 3;
  d.memLevel = 4;
  d.msg_size_threshold = worth_compressing;
  return d;
}

http::request<http::empty_body> handshake_of(const request_head& head) {
  http::request<http::empty_body> r{http::verb::get, head.target, 11};
  r.set(http::field::host, head.host);
  r.set(http::field::connection, "Upgrade");
  r.set(http::field::upgrade, "websocket");
  r.set(http::field::sec_websocket_key, head.socket_key);
  r.set(http::field::sec_websocket_version, head.socket_version);
  if (!head.socket_extensions.empty()) r.set(http::field::sec_websocket_extensions, head.socket_extensions);
  return r;
}

}  // namespace

struct socket_session::stream {
  explicit stream(session::socket s) : socket(std::move(s)) {}
  ws::stream<session::socket> socket;
  boost::beast::flat_buffer arriving;
};

socket_session::socket_session(session::socket s, std::string peer, rpc::caller who, context& shared)
    : connection(std::move(peer)),
      stream_(std::make_unique<stream>(std::move(s))),
      shared_(shared),
      who_(std::move(who)) {}

socket_session::~socket_session() = default;

/// An exception costs this socket alone.
template <class Step>
void socket_session::guarded(Step step) {
  if (phase_ == phase::closed) return;
  try {
    step();
  } catch (const std::exception& e) {
    log::event(log::level::error, "socket", "connection failed", {{"client", peer_text()}, {"error", e.what()}});
    close_because(closed_because::failure);
  }
}

void socket_session::start(const request_head& head) {
  ++shared_.sockets;
  shared_.count.sockets.add(1);
  const auto& settings = shared_.settings;
  deadline_ = std::chrono::steady_clock::now() + settings.header_deadline;
  outlet_ = std::make_shared<outlet>(shared_.replies, weak_from_this(),
                                     outlet::limits{settings.socket_queue_messages, settings.socket_queue_bytes});
  guarded([&] {
    auto& socket = stream_->socket;
    socket.set_option(compression(settings.socket_compression));
    socket.set_option(ws::stream_base::timeout{ws::stream_base::none(), ws::stream_base::none(), false});
    socket.set_option(ws::stream_base::decorator([id = who_.request_id](ws::response_type& answer) {
      answer.set(http::field::server, "quorate");
      answer.set("X-Request-Id", id);
    }));
    socket.read_message_max(settings.socket_message_limit);
    socket.control_callback([this](ws::frame_type, boost::beast::string_view) { heard(); });
    const auto request = std::make_shared<http::request<http::empty_body>>(handshake_of(head));
    socket.async_accept(*request, [self = shared_from_this(), request](const beast_error& ec) {
      const int refusal = ec == ws::error::bad_sec_version ? 426 : 400;
      self->on_accepted(ec ? refusal : 101);
    });
  });
}

void socket_session::on_accepted(int status) {
  shared_.count.answered(status);
  if (phase_ == phase::closed) return;
  if (status != 101) return close_because(closed_because::handshake);
  guarded([this] {
    phase_ = phase::open;
    heard();
    stream_->socket.text(true);
    talk_ = shared_.endpoint.converse(who_, outlet_);
    work();
  });
}

void socket_session::pump() {
  guarded([this] { work(); });
}

void socket_session::work() {
  for (const auto call : outlet_->take_finished()) running_.erase(call);
  if (phase_ != phase::open) return;
  take_messages();
  if (outlet_->overflowed()) return end(code::policy, "events come faster than they are taken", closed_because::slow);
  write_on();
  if (draining_ && is_quiet()) return end(code::going_away, "the server is shutting down", closed_because::shutdown);
  read_on();
}

// --- reading ---

bool socket_session::has_room() const {
  return running_.size() < shared_.settings.pipeline && outlet_->reply_bytes() < socket_reply_limit;
}

void socket_session::read_on() {
  if (reading_ || phase_ != phase::open || waiting_bytes_ >= socket_read_ahead || !has_room()) return;
  reading_ = true;
  stream_->socket.async_read_some(stream_->arriving, part_size,
                                  [self = shared_from_this()](const beast_error& ec, std::size_t n) {
                                    // Beast's own errors, but one, are about what the client sent.
                                    const beast_error closed = ws::error::closed;
                                    const bool broken = ec != closed && ec.category() == closed.category();
                                    self->on_read(static_cast<bool>(ec), broken, n);
                                  });
}

void socket_session::on_read(bool ended, bool broken, std::size_t n) {
  reading_ = false;
  if (phase_ == phase::closed) return;
  // While the goodbye is under way, Beast ends it; its own handler closes.
  if (ended && phase_ == phase::closing) return;
  if (ended) return close_because(broken ? closed_because::refused : closed_because::client);
  shared_.count.request_bytes.add(n);
  heard();
  guarded([this] {
    if (!stream_->socket.is_message_done()) {
      if (!std::exchange(in_message_, true))
        read_deadline_ = std::chrono::steady_clock::now() + shared_.settings.body_deadline;
      return read_on();
    }
    in_message_ = false;
    on_message();
    work();
  });
}

void socket_session::on_message() {
  auto& arriving = stream_->arriving;
  shared_.count.socket_messages_in.add();
  if (stream_->socket.got_text()) {
    waiting_.push_back(boost::beast::buffers_to_string(arriving.data()));
    waiting_bytes_ += waiting_.back().size();
  } else {
    talk_->receive_binary();
  }
  arriving.consume(arriving.size());
  if (arriving.capacity() > kept_buffer) arriving.shrink_to_fit();
}

void socket_session::take_messages() {
  while (!waiting_.empty() && has_room()) {
    auto text = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= text.size();
    const auto call = next_call_++;
    auto running = talk_->receive(std::move(text), [out = outlet_, call] { out->finished(call); });
    if (running) running_.emplace(call, std::move(running));
  }
}

// --- writing ---

void socket_session::write_on() {
  if (writing_ || phase_ != phase::open) return;
  sending_ = outlet_->next();
  if (!sending_) return;
  writing_ = true;
  write_deadline_ = std::chrono::steady_clock::now() + shared_.settings.write_deadline;
  stream_->socket.async_write(
      boost::asio::buffer(*sending_),
      [self = shared_from_this()](const beast_error& ec, std::size_t) { self->on_written(!ec); });
}

void socket_session::on_written(bool ok) {
  writing_ = false;
  if (phase_ == phase::closed) return;
  if (!ok) return phase_ == phase::closing ? void() : close_because(closed_because::client);
  shared_.count.response_bytes.add(sending_->size());
  shared_.count.socket_messages_out.add();
  sending_.reset();
  outlet_->sent();
  guarded([this] { work(); });
}

// --- the end ---

void socket_session::end(code why, std::string_view words, closed_because count) {
  if (phase_ != phase::open) return;
  phase_ = phase::closing;
  why_ = count;
  deadline_ = std::chrono::steady_clock::now() + goodbye_deadline;
  for (auto& [number, call] : std::exchange(running_, {})) call->abandon();
  waiting_.clear();
  outlet_->cut();
  const ws::close_reason reason{static_cast<ws::close_code>(why),
                                boost::beast::string_view{words.data(), words.size()}};
  stream_->socket.async_close(reason,
                              [self = shared_from_this()](const beast_error&) { self->close_because(self->why_); });
}

void socket_session::close_because(closed_because why) {
  if (phase_ == phase::closed) return;
  phase_ = phase::closed;
  for (auto& [number, call] : std::exchange(running_, {})) call->abandon();
  if (talk_) talk_->end();
  outlet_->cut();
  beast_error ignored;
  stream_->socket.next_layer().close(ignored);
  --shared_.sockets;
  shared_.count.sockets.add(-1);
  shared_.count.connections.add(-1);
  shared_.count.socket_closed(why);
  shared_.open.remove(*this);
}

void socket_session::drain() {
  if (phase_ == phase::handshake) return close_because(closed_because::shutdown);
  draining_ = true;
  pump();
}

// --- deadlines ---

void socket_session::heard() {
  last_heard_ = std::chrono::steady_clock::now();
  pinged_ = false;
}

void socket_session::sweep(time_point now) {
  if (phase_ == phase::closed) return;
  if (phase_ != phase::open) {
    if (now >= deadline_) close_because(phase_ == phase::closing ? why_ : closed_because::handshake);
    return;
  }
  const auto& settings = shared_.settings;
  if ((writing_ && now >= write_deadline_) || (in_message_ && now >= read_deadline_))
    return close_because(closed_because::timeout);
  if (!reading_) {
    // Its calls are in work, or it does not take their replies: nothing is read, so nothing can be heard either.
    last_heard_ = now;
    if (peer_has_gone(stream_->socket.next_layer().native_handle())) close_because(closed_because::client);
    return;
  }
  if (now < last_heard_ + settings.socket_ping) return;
  if (now >= last_heard_ + settings.socket_ping + settings.socket_timeout) return close_because(closed_because::silent);
  if (pinged_ || pinging_) return;
  pinged_ = pinging_ = true;
  guarded([this] {
    stream_->socket.async_ping({}, [self = shared_from_this()](const beast_error&) { self->pinging_ = false; });
  });
}

}  // namespace quorate::net::detail
