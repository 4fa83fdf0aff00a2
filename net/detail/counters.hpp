// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "actors/metrics.hpp"

namespace quorate::net::detail {

/// Why a request or a connection was not served.
enum class refused : unsigned {
  connections,              // all connections are taken
  connections_per_address,  // this address has its share
  descriptors,              // the process has no file descriptor left; accepting backs off
  head_too_large,
  body_too_large,
  bad_request,
  head_timeout,
  body_timeout,
  write_timeout,
  sockets,  // all WebSockets are taken, or the process drains
  reasons   // how many there are
};

/// Why a WebSocket has ended.
enum class closed_because : unsigned {
  client,     // it said so, or broke off
  handshake,  // it never came about
  slow,       // more events waited for it than may
  silent,     // it answered no ping
  timeout,    // it took a message, or sent one, too slowly
  refused,    // what it sent was too large or no WebSocket frame
  shutdown,
  failure,  // ours
  reasons   // how many there are
};

/// The server's metrics, looked up once. Counting needs no lock.
class counters {
 public:
  explicit counters(actors::metrics::registry& registry);

  void answered(int status) { by_code(status).add(); }
  void socket_closed(closed_because why) { socket_closed_[static_cast<unsigned>(why)]->add(); }
  void refuse(refused why) { refused_[static_cast<unsigned>(why)]->add(); }

  actors::metrics::gauge& connections;
  actors::metrics::gauge& sockets;
  actors::metrics::counter& socket_messages_in;
  actors::metrics::counter& socket_messages_out;
  actors::metrics::counter& request_bytes;
  actors::metrics::counter& response_bytes;

 private:
  actors::metrics::counter& by_code(int status);

  actors::metrics::registry& registry_;
  std::array<actors::metrics::counter*, 500> by_status_{};  // 100 … 599, made when first seen
  std::array<actors::metrics::counter*, static_cast<unsigned>(refused::reasons)> refused_{};
  std::array<actors::metrics::counter*, static_cast<unsigned>(closed_because::reasons)> socket_closed_{};
};

}  // namespace quorate::net::detail
