// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace quorate::net::detail {

/// Everything of a response but its body. Views are read by append_response only.
struct response_head {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string_view request_id;  // X-Request-Id
  std::string_view extra;       // whole header lines: CORS
  std::string_view allow;       // Allow
  std::string_view location;    // Location
  std::string_view date;        // the whole Date line, or empty
  int retry_after_s = 0;        // Retry-After when positive
  bool close = false;           // Connection: close
  bool http_1_0 = false;        // Connection: keep-alive must then be said
  bool body_left_out = false;   // the answer to HEAD: the length of a body that is not sent
};

/// "Not Found" for 404; "Unknown" for a status without a name here.
std::string_view reason_of(int status);

/// Appends the response as it goes over the wire. 204 has neither length, type nor body.
void append_response(std::string& out, const response_head& head, std::string_view body);

/// The Date line of this second, e.g. "Date: Sat, 31 Jan 2026 12:00:00 GMT\r\n".
std::string date_line(long long unix_seconds);

}  // namespace quorate::net::detail
