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
  std::uint16_t port = 4000;                        // 0: any free port
  std::size_t body_limit = 2u << 20;                // refused by Content-Length before reading
  std::size_t header_limit = 16u << 10;
  std::chrono::milliseconds header_deadline{10'000};  // for the whole head, not per read
  std::chrono::milliseconds body_deadline{20'000};    // for the whole body
  std::chrono::milliseconds idle_timeout{120'000};    // keep-alive without a request
  std::chrono::milliseconds write_deadline{20'000};
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 5'000;
  std::size_t pipeline = 16;                        // requests of one connection in work at once
  std::vector<std::string> trusted_proxies;         // CIDR; X-Forwarded-For counts only from these
};

/// The HTTP server: owns every socket and the io thread. Beast stays inside net/*.cpp.
class server {
 public:
  server(server_settings settings, rpc::endpoint& endpoint, actors::metrics::registry& metrics);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and starts the io thread. Errors name host and port ("address already in use").
  status start();
  std::uint16_t port() const;
  /// Stops accepting; open connections finish the request they are in and get `Connection: close`. `drained` is called from
  /// the io thread when the last one is gone, or at the deadline.
  void drain(std::chrono::milliseconds deadline, std::function<void()> drained);
  /// Closes everything and joins the io thread.
  void stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace quorate::net
