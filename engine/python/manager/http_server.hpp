// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/python/manager/api.hpp"

namespace quorate::engine::python {

/// Serves the API on a TCP port of this machine or on a socket in the file system.
class http_server {
 public:
  http_server(boost::asio::io_context& io, manager_api& api) : io_{io}, api_{api}, acceptor_{io} {}

  /// `127.0.0.1:3999`, `[::1]:3999` or `unix:/path`; errc::invalid_params says what is wrong with it.
  status listen(const std::string& address);
  void close();

 private:
  using protocol = boost::asio::generic::stream_protocol;

  void accept();

  boost::asio::io_context& io_;
  manager_api& api_;
  boost::asio::basic_socket_acceptor<protocol> acceptor_;
  std::string path_{};
};

}  // namespace quorate::engine::python
