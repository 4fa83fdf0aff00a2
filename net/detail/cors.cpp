// SPDX-License-Identifier: MIT
#include "net/detail/cors.hpp"

namespace quorate::net::detail {

bool is_preflight(const request_head& head) {
  return head.method == verb::options && !head.origin.empty() && !head.requested_method.empty();
}

void append_cors(std::string& out, const request_head& head) {
  if (head.origin.empty()) return;
  if (head.has_cookie) {
    // Browsers refuse "*" for requests that carry credentials.
    out += "Access-Control-Allow-Origin: ";
    out += head.origin;
    out += "\r\nVary: Origin\r\n";
  } else {
    out += "Access-Control-Allow-Origin: *\r\n";
  }
  out += "Access-Control-Allow-Credentials: true\r\n";
}

void append_preflight(std::string& out, const request_head& head) {
  out += "Access-Control-Allow-Origin: ";
  out += head.origin;
  out +=
      "\r\nVary: Origin\r\n"
      "Access-Control-Allow-Methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n"
      "Access-Control-Max-Age: 600\r\n"
      "Access-Control-Allow-Credentials: true\r\n";
  if (head.requested_headers.empty()) return;
  out += "Access-Control-Allow-Headers: ";
  out += head.requested_headers;
  out += "\r\n";
}

}  // namespace quorate::net::detail
