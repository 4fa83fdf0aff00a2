// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "chain/result.hpp"
#include "net/detail/session.hpp"

namespace quorate::net::detail {

/// Accepts connections and hands them on. When the process runs out of descriptors it waits a little and goes on: the
/// connections that are open are served meanwhile, those that are not wait in the kernel's backlog.
class listener {
 public:
  using accepted_function = std::function<void(session::socket)>;

  listener(boost::asio::io_context& io, accepted_function accepted, std::function<void()> out_of_descriptors);

  /// Binds and listens. The error says "cannot listen on host:port: reason". An IPv6 wildcard takes IPv4, too.
  status open(const std::string& host, std::uint16_t port);
  void start();
  void close();
  std::uint16_t port() const { return port_; }

 private:
  void accept();

  boost::asio::io_context& io_;
  accepted_function accepted_;
  std::function<void()> out_of_descriptors_;
  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, session::executor> acceptor_;
  boost::asio::steady_timer back_off_;
  std::uint16_t port_ = 0;
};

}  // namespace quorate::net::detail
