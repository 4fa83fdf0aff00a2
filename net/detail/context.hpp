// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/detail/client_address.hpp"
#include "net/detail/connections.hpp"
#include "net/detail/counters.hpp"
#include "net/detail/outbox.hpp"
#include "net/detail/request_id.hpp"
#include "net/server.hpp"

namespace quorate::net::detail {

/// What all sessions of a server share. Used on the io thread only, except the outbox.
struct context {
  const server_settings& settings;
  rpc::endpoint& endpoint;
  counters count;
  client_address clients;
  request_ids ids;
  connections open;
  std::shared_ptr<outbox> replies;
  std::string date;  // the Date line, renewed by the sweep
  bool draining = false;
  std::size_t sockets = 0;  // WebSockets among the open connections
};

}  // namespace quorate::net::detail
