// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace quorate::tests {

/// A TCP proxy in user space between a client and a server on 127.0.0.1, for fault tests: what a network can do to a
/// connection, on command. It starts in forwarding mode. Every command is thread-safe and has taken effect when it
/// returns. Connections that are open survive every change of mode, except where a command says otherwise.
class tcp_gate {
 public:
  /// Listens on a free port and forwards to `upstream_port` on 127.0.0.1. Throws std::system_error.
  explicit tcp_gate(std::uint16_t upstream_port);
  ~tcp_gate();
  tcp_gate(const tcp_gate&) = delete;
  tcp_gate& operator=(const tcp_gate&) = delete;

  /// The port that clients connect to.
  std::uint16_t port() const;

  /// Back to normal: ends `pause`, `delay`, `swallow`, `refuse` and `limit_bytes`. Bytes held by `pause` or `delay` go
  /// on.
  void forward();
  /// Nothing is accepted and nothing is forwarded; bytes stay in the kernel's buffers. The kernel still completes the
  /// handshake of new connections (as a listening host that hangs does).
  void pause();
  /// Every chunk is forwarded this much later, in both directions; zero ends the delay.
  void delay(std::chrono::milliseconds by);
  /// Half-open: everything is accepted and read, nothing is forwarded; what is read meanwhile is lost for good.
  void swallow();
  /// New connections are refused (the port is closed); open ones go on as they are.
  void refuse();
  /// After this many more bytes from the server to clients (all connections together) the connection that carried the
  /// last one is reset, and so is every later one that carries a byte.
  void limit_bytes(std::size_t from_server);
  /// Resets (RST) both sides of every open connection. The mode stays.
  void reset_all();

  /// Connections open now, connections accepted so far, bytes carried so far from the server to clients.
  std::size_t open_connections() const;
  std::size_t accepted() const;
  std::size_t bytes_from_server() const;

 private:
  class loop;
  std::unique_ptr<loop> loop_;
};

}  // namespace quorate::tests
