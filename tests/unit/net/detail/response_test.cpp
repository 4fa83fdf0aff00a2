// SPDX-License-Identifier: MIT
#include "net/detail/response.hpp"

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

std::string written(const response_head& head, std::string_view body) {
  std::string out;
  append_response(out, head, body);
  return out;
}

TEST(response, writes_a_reply_in_one_piece) {
  response_head h;
  h.request_id = "id-1";
  h.date = "Date: now\r\n";
  EXPECT_EQ(written(h, "{}"),
            "HTTP/1.1 200 OK\r\nServer: quorate\r\nDate: now\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "X-Request-Id: id-1\r\n\r\n{}");
}

TEST(response, writes_every_optional_line) {
  response_head h;
  h.status = 405;
  h.allow = "POST";
  h.location = "/api";
  h.retry_after_s = 60;
  h.extra = "A: b\r\n";
  h.close = true;
  EXPECT_EQ(
      written(h, "x"),
      "HTTP/1.1 405 Method Not Allowed\r\nServer: quorate\r\nContent-Type: application/json\r\n"
      "Content-Length: 1\r\nAllow: POST\r\nLocation: /api\r\nRetry-After: 60\r\nA: b\r\nConnection: close\r\n\r\nx");
}

TEST(response, leaves_the_body_out_where_there_is_none) {
  response_head h;
  h.status = 204;
  EXPECT_EQ(written(h, ""), "HTTP/1.1 204 No Content\r\nServer: quorate\r\n\r\n");
  h.status = 405;
  h.body_left_out = true;
  EXPECT_TRUE(written(h, "12345").ends_with("Content-Length: 5\r\n\r\n"));
}

TEST(response, says_keep_alive_to_http_1_0) {
  response_head h;
  h.http_1_0 = true;
  EXPECT_NE(written(h, "").find("Connection: keep-alive\r\n"), std::string::npos);
  h.close = true;
  EXPECT_EQ(written(h, "").find("keep-alive"), std::string::npos);
}

TEST(response, appends_to_what_is_there) {
  std::string out = "before";
  append_response(out, {}, "{}");
  EXPECT_TRUE(out.starts_with("beforeHTTP/1.1 200"));
}

TEST(response, writes_dates_as_rfc_9110_wants_them) {
  EXPECT_EQ(date_line(784'111'777), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(date_line(0), "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
}

}  // namespace
}  // namespace quorate::net::detail
