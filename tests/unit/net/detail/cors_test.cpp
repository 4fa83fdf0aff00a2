// SPDX-License-Identifier: MIT
#include "net/detail/cors.hpp"

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

request_head with_origin() {
  request_head h;
  h.method = verb::post;
  h.origin = "http://localhost:8080";
  return h;
}

std::string cors(const request_head& h) {
  std::string out;
  append_cors(out, h);
  return out;
}

TEST(cors, says_nothing_without_an_origin) {
  request_head h;
  h.has_cookie = true;
  EXPECT_EQ(cors(h), "");
}

TEST(cors, allows_every_origin) {
  EXPECT_EQ(cors(with_origin()),
            "Access-Control-Allow-Origin: *\r\n"
            "Access-Control-Allow-Credentials: true\r\n");
}

TEST(cors, names_the_origin_when_a_cookie_came) {
  auto h = with_origin();
  h.has_cookie = true;
  EXPECT_EQ(cors(h),
            "Access-Control-Allow-Origin: http://localhost:8080\r\n"
            "Vary: Origin\r\n"
            "Access-Control-Allow-Credentials: true\r\n");
}

TEST(cors, knows_a_preflight) {
  auto h = with_origin();
  h.method = verb::options;
  EXPECT_FALSE(is_preflight(h)) << "no method asked for";
  h.requested_method = "POST";
  EXPECT_TRUE(is_preflight(h));
  h.method = verb::post;
  EXPECT_FALSE(is_preflight(h));
  h.method = verb::options;
  h.origin.clear();
  EXPECT_FALSE(is_preflight(h));
}

TEST(cors, mirrors_the_requested_headers_in_a_preflight) {
  auto h = with_origin();
  h.requested_headers = "content-type, x-session-id";
  std::string out;
  append_preflight(out, h);
  EXPECT_EQ(out,
            "Access-Control-Allow-Origin: http://localhost:8080\r\n"
            "Vary: Origin\r\n"
            "Access-Control-Allow-Methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n"
            "Access-Control-Max-Age: 600\r\n"
            "Access-Control-Allow-Credentials: true\r\n"
            "Access-Control-Allow-Headers: content-type, x-session-id\r\n");
}

}  // namespace
}  // namespace quorate::net::detail
