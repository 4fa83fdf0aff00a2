// SPDX-License-Identifier: MIT
#include "net/detail/session.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "chain/log.hpp"
#include "net/detail/context.hpp"

namespace quorate::net::detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t small_read = 4u << 10;   // what an idle connection costs
constexpr std::size_t large_read = 64u << 10;  // while a long body is coming
constexpr std::size_t read_ahead = 64u << 10;  // requests that wait for a place in the pipeline
constexpr std::size_t kept_output = 64u << 10;
/// What must go out within one write deadline for the client to get another.
constexpr std::size_t progress_per_write_deadline = 64u << 10;
constexpr std::chrono::milliseconds linger_deadline{2'000};
constexpr std::size_t linger_bytes = 8u << 20;

}  // namespace

session::session(socket s, const ip_bytes& peer, context& shared)
    : connection(to_text(peer)),
      socket_(std::move(s)),
      shared_(shared),
      peer_(peer),
      reader_({shared.settings.header_limit, shared.settings.body_limit}) {}

void session::start() {
  shared_.count.connections.add(1);
  enter(phase::head);  // a client that never says anything gets the header deadline, not the idle time-out
  read_on();
}

void session::close() {
  if (closed_) return;
  closed_ = true;
  auto left = std::exchange(slots_, {});
  for (auto& s : left) {
    if (!s.ready && s.running) s.running->abandon();
  }
  error_code ignored;
  socket_.close(ignored);
  shared_.count.connections.add(-1);
  shared_.open.remove(*this);
}

void session::drain() {
  if (closed_ || phase_ == phase::lingering) return;
  // A connection on which nothing has ever been asked may still be about to; nobody is owed an answer, though.
  if (slots_.empty() && output_.empty() && !writing_ && !in_middle_of_request()) close();
}

void session::pump() {
  if (closed_) return;
  try {
    work();
  } catch (const std::exception& e) {
    fail_with(e);
  }
}

void session::work() {
  while (true) {
    const auto why = take_requests();
    if (why == halt::starved && input_ended_) taking_ = false;
    flush();
    if (closed_) return;
    if (why != halt::output_full || writing_) break;
  }
  set_phase();
  read_on();
}

void session::fail_with(const std::exception& e) {
  log::event(log::level::error, "http", "connection failed", {{"client", peer_text()}, {"error", e.what()}});
  close();
}

// --- reading ---

void session::read_on() {
  if (reading_ || closed_ || input_ended_) return;
  // The pipeline is full and enough is waiting: the sweep watches for a hang-up.
  if (waiting_input() >= read_ahead && phase_ != phase::lingering) return;
  const bool much_to_come = waiting_input() > 0 || reader_.body_remaining() > small_read;
  const auto wanted = much_to_come ? large_read : small_read;
  if (arriving_size_ != wanted) {
    arriving_.reset(new char[wanted]);
    arriving_size_ = wanted;
  }
  reading_ = true;
  socket_.async_read_some(asio::buffer(arriving_.get(), arriving_size_),
                          [self = shared_from_this()](const error_code& ec, std::size_t n) { self->on_read(ec, n); });
}

void session::on_read(const error_code& ec, std::size_t n) {
  reading_ = false;
  if (closed_) return;
  if (ec) return on_input_end(ec == asio::error::eof);
  shared_.count.request_bytes.add(n);
  if (phase_ == phase::lingering) {
    lingered_ += n;
    return lingered_ > linger_bytes ? close() : read_on();
  }
  try {
    append_input(n);
    work();
  } catch (const std::exception& e) {
    fail_with(e);
  }
}

void session::append_input(std::size_t n) {
  if (used_ == input_.size()) {
    input_.clear();
    if (input_.capacity() > large_read) input_.shrink_to_fit();
  } else {
    input_.erase(0, used_);
  }
  used_ = 0;
  input_.append(arriving_.get(), n);
}

/// The client has closed its side. With calls in work that is a hang-up, as every HTTP server takes it: a client that
/// only half-closes cannot be told from one that has gone. What was asked before the end is
/// still answered when it can be at once.
void session::on_input_end(bool orderly) {
  input_ended_ = true;
  const bool nothing_in_work = std::all_of(slots_.begin(), slots_.end(), [](const slot& s) { return s.ready; });
  if (!orderly || phase_ == phase::lingering || !nothing_in_work) return close();
  pump();
}

// --- writing ---

void session::flush() {
  if (closed_ || writing_) return;
  if (!output_.empty()) {
    // Tried at once: nearly always the socket takes it all, which saves a turn of the event loop per reply.
    error_code ec;
    const auto n = socket_.write_some(asio::buffer(output_), ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return close();
    if (!ec) shared_.count.response_bytes.add(n);
    if (ec || n < output_.size()) {
      sending_.swap(output_);
      output_.clear();
      sent_ = ec ? 0 : n;
      sent_at_deadline_ = sent_;
      write_deadline_ = std::chrono::steady_clock::now() + shared_.settings.write_deadline;
      return write_rest();
    }
    output_.clear();
    if (output_.capacity() > kept_output) output_.shrink_to_fit();
  }
  const bool over = !taking_ || (shared_.draining && !in_middle_of_request());
  if (over && slots_.empty()) end_after_last_reply();
}

void session::write_rest() {
  writing_ = true;
  socket_.async_write_some(
      asio::buffer(sending_.data() + sent_, sending_.size() - sent_),
      [self = shared_from_this()](const error_code& ec, std::size_t n) { self->on_written(ec, n); });
}

void session::on_written(const error_code& ec, std::size_t n) {
  writing_ = false;
  if (closed_) return;
  if (ec) return close();
  shared_.count.response_bytes.add(n);
  sent_ += n;
  if (sent_ < sending_.size()) {
    if (sent_ - sent_at_deadline_ >= progress_per_write_deadline) {
      sent_at_deadline_ = sent_;
      write_deadline_ = std::chrono::steady_clock::now() + shared_.settings.write_deadline;
    }
    return write_rest();
  }
  sending_.clear();
  if (sending_.capacity() > kept_output) sending_.shrink_to_fit();
  pump();
}

/// Closing a socket with unread input resets the connection, and the reset may overtake the last reply (a 413, say).
/// So: say FIN, read what still comes, close on the client's FIN or soon.
void session::end_after_last_reply() {
  if (phase_ == phase::lingering) return;
  if (input_ended_) return close();
  error_code ec;
  socket_.shutdown(socket::shutdown_send, ec);
  if (ec) return close();
  enter(phase::lingering);
  if (!reading_) read_on();
}

// --- deadlines ---

bool session::in_middle_of_request() const {
  return reader_.where() == request_reader::state::head || reader_.where() == request_reader::state::body ||
         waiting_input() > 0;
}

/// No reply is owed and no byte is on its way in or out.
bool session::is_alone() const {
  return slots_.empty() && output_.empty() && !writing_ && !reading_ && waiting_input() == 0;
}

/// Decides what the connection is waiting for now. A deadline starts when its phase starts, so it is total.
void session::set_phase() {
  if (closed_ || phase_ == phase::lingering) return;
  const auto at = reader_.where();
  if (!taking_ || slots_.size() >= shared_.settings.pipeline || writing_) {
    phase_ = phase::working;
  } else if (at == request_reader::state::body) {
    if (phase_ != phase::body) enter(phase::body);
  } else if (at == request_reader::state::head) {
    if (phase_ != phase::head) enter(phase::head);
  } else if (!slots_.empty()) {
    phase_ = phase::working;
  } else if (had_request_ && phase_ != phase::idle) {
    enter(phase::idle);
  }
}

void session::enter(phase p) {
  phase_ = p;
  const auto& settings = shared_.settings;
  std::chrono::milliseconds allowed{};
  switch (p) {
    case phase::head: allowed = settings.header_deadline; break;
    case phase::body: allowed = settings.body_deadline; break;
    case phase::idle: allowed = settings.idle_timeout; break;
    case phase::lingering: allowed = linger_deadline; break;
    case phase::working: return;
  }
  deadline_ = std::chrono::steady_clock::now() + allowed;
}

void session::sweep(time_point now) {
  if (closed_) return;
  if (writing_ && now >= write_deadline_) {
    shared_.count.refuse(refused::write_timeout);
    return close();
  }
  if (phase_ == phase::working) {
    if (!reading_ && !input_ended_ && peer_has_gone(socket_.native_handle())) close();
    return;
  }
  if (now < deadline_) return;
  if (phase_ == phase::body || (phase_ == phase::head && in_middle_of_request())) {
    shared_.count.refuse(phase_ == phase::body ? refused::body_timeout : refused::head_timeout);
    refuse(408);
    pump();
  } else {
    close();
  }
}

}  // namespace quorate::net::detail
