// SPDX-License-Identifier: MIT
#include "net/detail/response.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <fmt/format.h>

namespace quorate::net::detail {
namespace {

void append_number(std::string& out, std::size_t n) {
  char buffer[20];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, n).ptr);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += name;
  out += value;
  out += "\r\n";
}

}  // namespace

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 204: return "No Content";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

void append_response(std::string& out, const response_head& head, std::string_view body) {
  const bool has_body = head.status != 204;
  const auto needed = out.size() + 256 + head.extra.size() + (has_body ? body.size() : 0);
  if (out.capacity() < needed) out.reserve(std::max(needed, out.capacity() * 2));

  if (head.status == 200) {
    out += "HTTP/1.1 200 OK\r\nServer: quorate\r\n";
  } else {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(head.status));
    out += ' ';
    out += reason_of(head.status);
    out += "\r\nServer: quorate\r\n";
  }
  out += head.date;
  if (has_body) {
    append_line(out, "Content-Type: ", head.content_type);
    out += "Content-Length: ";
    append_number(out, body.size());
    out += "\r\n";
  }
  append_line(out, "X-Request-Id: ", head.request_id);
  append_line(out, "Allow: ", head.allow);
  append_line(out, "Location: ", head.location);
  if (head.retry_after_s > 0) {
    out += "Retry-After: ";
    append_number(out, static_cast<std::size_t>(head.retry_after_s));
    out += "\r\n";
  }
  out += head.extra;
  if (head.close) {
    out += "Connection: close\r\n";
  } else if (head.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (has_body && !head.body_left_out) out += body;
}

std::string date_line(long long unix_seconds) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  return fmt::format("Date: {}, {:02} {} {} {:02}:{:02}:{:02} GMT\r\n", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
                     t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

}  // namespace quorate::net::detail
