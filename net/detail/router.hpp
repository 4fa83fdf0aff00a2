// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "net/detail/request_reader.hpp"

namespace quorate::net::detail {

/// Where a request goes, docs/spec/json-rpc.md §2 and §3.
enum class destination : std::uint8_t {
  call,                // POST /api: rpc::endpoint::post
  read,                // GET: rpc::endpoint::get, which knows the paths
  preflight,           // answered here
  redirect,            // POST /api/: 307 to /api
  method_not_allowed,  // 405
  not_found,           // 404
  socket,              // GET with a WebSocket's upgrade
  upgrade_required,    // the same path without one: 426
  engine_io,           // a handshake of Engine.IO, which is not spoken: 400
};

struct route {
  destination to = destination::not_found;
  std::string_view path;   // of the target, without the query (Q3); points into the head
  std::string_view allow;  // with method_not_allowed
};

route find_route(const request_head& head);

}  // namespace quorate::net::detail
