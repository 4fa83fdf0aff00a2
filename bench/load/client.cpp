// SPDX-License-Identifier: MIT
#include "bench/load/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace quorate::bench {
namespace {

std::uint64_t us(clock::duration d) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(d).count());
}

}  // namespace

client::~client() { close_socket(); }

void client::start() {
  connect();
  if (!busy_) send_next();
}

void client::connect() {
  reply_ = {};
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) throw std::runtime_error{std::string{"socket: "} + std::strerror(errno)};
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(run_->what.port);
  if (::inet_pton(AF_INET, run_->what.host.c_str(), &to.sin_addr) != 1)
    throw std::runtime_error{"--host needs an IPv4 address"};
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = this;
  ::epoll_ctl(run_->epoll, EPOLL_CTL_ADD, socket_, &event);
  connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

void client::close_socket() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  connected_ = false;
}

const request* client::choose() {
  const auto n = from_->requests.size();
  if (from_->once) return *next_ < n ? &from_->requests[(*next_)++] : nullptr;
  return &from_->requests[n == 1 ? 0 : run_->random() % n];
}

void client::send_next() {
  if (run_->stopping) return;
  const auto* const chosen = choose();
  if (!chosen) return;
  current_ = chosen;
  written_ = 0;
  busy_ = true;
  sent_ = clock::now();
  if (connected_) write_more();
}

void client::write_more() {
  while (written_ < current_->bytes.size()) {
    const auto n = ::send(socket_, current_->bytes.data() + written_, current_->bytes.size() - written_, MSG_NOSIGNAL);
    if (n > 0) {
      written_ += static_cast<std::size_t>(n);
    } else {
      if (errno != EAGAIN) failed(failure::socket, std::strerror(errno));
      return;
    }
  }
}

void client::read_more() {
  char buffer[16384];
  for (;;) {
    const auto n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n < 0) {
      if (errno != EAGAIN) failed(failure::socket, std::strerror(errno));
      return;
    }
    if (n == 0) {
      failed(failure::socket, "closed by the server");
      return;
    }
    const auto state = reply_.feed({buffer, static_cast<std::size_t>(n)});
    if (state == reply_parser::state::broken) {
      failed(failure::socket, "not an HTTP reply with a length");
      return;
    }
    if (state == reply_parser::state::complete) {
      finished();
      return;  // one call at a time: nothing more can be in the socket
    }
    if (static_cast<std::size_t>(n) < sizeof buffer) return;
  }
}

void client::finished() {
  const auto now = clock::now();
  const auto took = us(now - sent_);
  if (reply_.status() != 200)
    into_->fail(current_->label, failure::http_status, took, run_->second(now), reply_.body());
  else if (reply_.body().find("\"error\":{") != std::string_view::npos ||
           reply_.body().find("\"result\"") == std::string_view::npos)
    into_->fail(current_->label, failure::rpc_error, took, run_->second(now), reply_.body());
  else
    into_->success(current_->label, took, run_->second(now), run_->measured(now));
  const bool again = reply_.closes();
  busy_ = false;
  reply_.next();
  if (again) {
    close_socket();
    if (!run_->stopping) connect();
  }
  if (!run_->stopping) send_next();
}

void client::failed(failure why, std::string_view sample) {
  const auto now = clock::now();
  // A server may close an idle keep-alive connection at any time; that costs a reconnect, not an error.
  if (busy_) into_->fail(current_->label, why, us(now - sent_), run_->second(now), sample);
  busy_ = false;
  close_socket();
  if (run_->stopping) return;
  connect();
  send_next();
}

void client::ready(std::uint32_t events) {
  if (socket_ < 0) return;
  if (!connected_ && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failed(failure::socket, std::strerror(error));
    connected_ = true;
    if (busy_) write_more();
    return;
  }
  if ((events & EPOLLOUT) != 0 && busy_ && written_ < current_->bytes.size()) write_more();
  if (socket_ >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) read_more();
}

void client::check_deadline(clock::time_point now) {
  if (busy_ && now - sent_ > run_->what.timeout) failed(failure::timeout, "no reply in time");
}

}  // namespace quorate::bench
