// SPDX-License-Identifier: MIT
#include "net/detail/router.hpp"

#include <array>

#include "net/detail/cors.hpp"

namespace quorate::net::detail {
namespace {

/// Path of an origin-form or absolute-form target ("/api?x=1", "http://host/api").
std::string_view path_of(std::string_view target) {
  if (!target.starts_with('/')) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return target;  // "*"
    const auto slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target.substr(0, target.find_first_of("?#"));
}

/// `/socket.io/` is where older pages look for the socket; it speaks the same plain protocol (decisions.md Q10).
bool is_socket_path(std::string_view path) { return path == "/ws" || path == "/socket.io/" || path == "/socket.io"; }

bool asks_for_engine_io(std::string_view target) {
  const auto query = target.find('?');
  if (query == std::string_view::npos) return false;
  const auto rest = target.substr(query);
  return rest.find("?EIO=") != std::string_view::npos || rest.find("&EIO=") != std::string_view::npos;
}

/// Paths that exist for GET; asked with another method they say 405, not 404.
bool is_read_only_path(std::string_view path) {
  constexpr std::array<std::string_view, 4> exact{"/ping", "/health", "/ready", "/metrics"};
  for (const auto known : exact) {
    if (path == known) return true;
  }
  return path.starts_with("/health/") || path.starts_with("/api/explorer/");
}

}  // namespace

route find_route(const request_head& head) {
  route r;
  r.path = path_of(head.target);
  if (is_preflight(head)) {
    r.to = destination::preflight;
  } else if (r.path == "/api") {
    r.to = head.method == verb::post ? destination::call : destination::method_not_allowed;
    r.allow = "POST";
  } else if (is_socket_path(r.path)) {
    r.to = destination::method_not_allowed;
    r.allow = "GET";
    if (asks_for_engine_io(head.target)) {
      r.to = destination::engine_io;
    } else if (head.method == verb::get) {
      r.to = head.wants_socket ? destination::socket : destination::upgrade_required;
    }
  } else if (head.method == verb::get) {
    r.to = destination::read;
  } else if (head.method == verb::post && r.path == "/api/") {
    r.to = destination::redirect;
  } else if (is_read_only_path(r.path)) {
    r.to = destination::method_not_allowed;
    r.allow = "GET";
  }
  return r;
}

}  // namespace quorate::net::detail
