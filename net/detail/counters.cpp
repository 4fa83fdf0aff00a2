// SPDX-License-Identifier: MIT
#include "net/detail/counters.hpp"

#include <string>

namespace quorate::net::detail {
namespace {

constexpr std::array<std::string_view, static_cast<unsigned>(refused::reasons)> names{
    "connections",    "connections_per_address",
    "descriptors",    "head_too_large",
    "body_too_large", "bad_request",
    "head_timeout",   "body_timeout",
    "write_timeout",  "sockets"};

constexpr std::array<std::string_view, static_cast<unsigned>(closed_because::reasons)> reasons_to_close{
    "client", "handshake", "slow", "silent", "timeout", "refused", "shutdown", "failure"};

actors::metrics::counter& messages(actors::metrics::registry& registry, const char* direction) {
  return registry.counter("quorate_socket_messages_total", "WebSocket messages", {{"direction", direction}});
}

}  // namespace

counters::counters(actors::metrics::registry& registry)
    : connections(registry.gauge("quorate_http_connections", "Open HTTP connections")),
      sockets(registry.gauge("quorate_socket_connections", "Open WebSockets")),
      socket_messages_in(messages(registry, "in")),
      socket_messages_out(messages(registry, "out")),
      request_bytes(registry.counter("quorate_http_request_bytes_total", "Bytes received from HTTP clients")),
      response_bytes(registry.counter("quorate_http_response_bytes_total", "Bytes sent to HTTP clients")),
      registry_(registry) {
  for (unsigned i = 0; i < names.size(); ++i) {
    refused_[i] = &registry.counter("quorate_http_refused_total", "Requests and connections not served, by reason",
                                    {{"why", std::string(names[i])}});
  }
  for (unsigned i = 0; i < reasons_to_close.size(); ++i) {
    socket_closed_[i] = &registry.counter("quorate_socket_closed_total", "WebSockets that ended, by reason",
                                          {{"why", std::string(reasons_to_close[i])}});
  }
  by_code(200);  // so that the family exists from the start
}

actors::metrics::counter& counters::by_code(int status) {
  if (status < 100 || status > 599) status = 500;
  auto& slot = by_status_[static_cast<unsigned>(status) - 100];
  if (slot == nullptr) {
    slot = &registry_.counter("quorate_http_requests_total", "HTTP requests answered, by status code",
                              {{"code", std::to_string(status)}});
  }
  return *slot;
}

}  // namespace quorate::net::detail
