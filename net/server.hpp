// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/metrics.hpp"
#include "chain/result.hpp"
#include "rpc/endpoint.hpp"

namespace quorate::net {

struct server_settings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4000;          // 0: any free port
  std::size_t body_limit = 2u << 20;  // refused by Content-Length before reading
  std::size_t header_limit = 16u << 10;
  std::chrono::milliseconds header_deadline{10'000};  // for the whole head, not per read
  std::chrono::milliseconds body_deadline{20'000};    // for the whole body
  std::chrono::milliseconds idle_timeout{120'000};    // keep-alive without a request
  std::chrono::milliseconds write_deadline{20'000};
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 5'000;
  std::chrono::milliseconds sweep_interval{250};  // how often deadlines are looked at
  std::size_t pipeline = 16;                      // requests of one connection in work at once
  std::vector<std::string> trusted_proxies;       // CIDR; X-Forwarded-For counts only from these

  // WebSockets; they count among the connections, too.
  std::size_t sockets = 5'000;
  std::size_t socket_message_limit = 2u << 20;       // bytes, after decompression
  std::size_t socket_queue_messages = 1'000;         // events that wait for one socket; beyond it, it is closed
  std::size_t socket_queue_bytes = 4u << 20;         // the same in bytes
  std::chrono::milliseconds socket_ping{20'000};     // silence after which a ping is sent
  std::chrono::milliseconds socket_timeout{20'000};  // and after which, unanswered, the socket is given up
  bool socket_compression = true;                    // permessage-deflate, when the client offers it
};

/// What server::start() would refuse, without starting anything: errc::invalid_params for a trusted proxy that is not
/// an address, errc::application for an address or port that cannot be listened on.
status check(const server_settings& settings);

/// The HTTP and WebSocket server (docs/spec/json-rpc.md §2, §3, §4, §11): owns every socket and the one io thread.
/// Beast and Asio stay inside net/. The endpoint and the registry must outlive it; the endpoint is called on the io
/// thread.
class server {
 public:
  server(server_settings settings, rpc::endpoint& endpoint, actors::metrics::registry& metrics);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and starts the io thread. Errors: "cannot listen on 127.0.0.1:4000: Address already in use", a trusted proxy
  /// that is not an address. Call it once.
  status start();
  /// The port it listens on, known after `start`.
  std::uint16_t port() const;
  /// Stops accepting and closes idle connections; the others finish the request they are in and get `Connection:
  /// close`. `drained` is called once, on the io thread, when the last one is gone or at the deadline. Thread-safe; a
  /// second call does nothing. Never call `stop` from `drained`: it would join its own thread.
  void drain(std::chrono::milliseconds deadline, std::function<void()> drained);
  /// Abandons what is in work, closes everything and joins the io thread. Replies that come later are dropped.
  /// Idempotent.
  void stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace quorate::net
