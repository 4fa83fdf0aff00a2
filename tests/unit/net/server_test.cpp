// SPDX-License-Identifier: MIT
#include "net/server.hpp"

#include "tests/common/http_fixture.hpp"

namespace quorate::net {
namespace {

class http_server : public tests::http_fixture {};

TEST_F(http_server, hands_a_call_to_the_endpoint_and_its_reply_back) {
  start();
  const auto r = client().post("/api", R"({"id":1})");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, R"({"id":1})");
  EXPECT_EQ(r.header("content-type"), "application/json");
  EXPECT_EQ(r.header("server"), "quorate");
  EXPECT_TRUE(r.header("date").ends_with(" GMT")) << r.header("date");
  EXPECT_FALSE(r.has("access-control-allow-origin"));
  EXPECT_FALSE(r.has("connection"));
}

TEST_F(http_server, cares_for_no_content_type_and_no_query) {
  start();
  auto c = client();
  EXPECT_EQ(c.post("/api", "a", "Content-Type: text/xml\r\n").body, "a");
  EXPECT_EQ(c.post("/api?full=false&admin_key=k", "b").body, "b");
  EXPECT_EQ(endpoint.last_caller().admin_key, "");
  EXPECT_EQ(c.post("/api", "").status, 200) << "an empty body is the endpoint's to refuse";
}

TEST_F(http_server, tells_the_endpoint_who_calls) {
  start();
  auto c = client();
  c.post("/api", "x", "X-Session-Id: s1\r\nX-Admin-Key: k1\r\nX-Request-Id: r1\r\nX-Forwarded-For: 9.9.9.9\r\n");
  const auto who = endpoint.last_caller();
  EXPECT_EQ(who.address, "127.0.0.1") << "no proxy is trusted";
  EXPECT_EQ(who.session_id, "s1");
  EXPECT_EQ(who.admin_key, "k1");
  EXPECT_EQ(who.request_id, "r1");
}

TEST_F(http_server, believes_a_trusted_proxy) {
  settings.trusted_proxies = {"127.0.0.0/8"};
  start();
  auto c = client();
  c.post("/api", "x", "X-Forwarded-For: 9.9.9.9, 127.0.0.2\r\n");
  EXPECT_EQ(endpoint.last_caller().address, "9.9.9.9");
  c.post("/api", "x", "X-Real-IP: 8.8.8.8\r\n");
  EXPECT_EQ(endpoint.last_caller().address, "8.8.8.8");
  c.post("/api", "x");
  EXPECT_EQ(endpoint.last_caller().address, "127.0.0.1");
}

TEST_F(http_server, echoes_a_valid_request_id_and_makes_one_otherwise) {
  start();
  auto c = client();
  EXPECT_EQ(c.post("/api", "x", "X-Request-Id: mine-1\r\n").header("x-request-id"), "mine-1");
  const auto made = c.post("/api", "x", "X-Request-Id: no spaces allowed\r\n").header("x-request-id");
  EXPECT_EQ(made, endpoint.last_caller().request_id);
  EXPECT_NE(made, "no spaces allowed");
  EXPECT_NE(c.post("/api", "x").header("x-request-id"), made);
}

TEST_F(http_server, answers_other_methods_on_api_with_405) {
  start();
  auto c = client();
  for (const auto* method : {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const auto r = c.request(method, "/api");
    EXPECT_EQ(r.status, 405) << method;
    EXPECT_EQ(r.header("allow"), "POST") << method;
    EXPECT_EQ(r.body, R"({"detail":"Method Not Allowed"})") << method;
  }
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(http_server, redirects_the_path_with_a_slash) {
  start();
  const auto r = client().post("/api/", "x");
  EXPECT_EQ(r.status, 307);
  EXPECT_EQ(r.header("location"), "/api");
  EXPECT_EQ(r.body, "");
  EXPECT_EQ(endpoint.calls(), 0u);
}

TEST_F(http_server, lets_the_endpoint_answer_every_get) {
  start();
  auto c = client();
  EXPECT_EQ(c.get("/ping?x=1").body, R"({"status":"ok"})");
  EXPECT_EQ(endpoint.last_path(), "/ping");
  const auto missing = c.get("/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, R"({"detail":"Not Found"})");
  EXPECT_EQ(c.post("/nothing", "x").status, 404);
  EXPECT_EQ(c.post("/nothing", "x").body, R"({"detail":"Not Found"})");
}

TEST_F(http_server, does_not_serve_head) {
  start();
  auto c = client();
  for (const auto* path : {"/ping", "/api"}) {
    const auto r = c.request("HEAD", path);
    EXPECT_EQ(r.status, 405) << path;
    EXPECT_EQ(r.header("content-length"), "31") << path;
  }
  EXPECT_EQ(c.get("/ping").status, 200) << "nothing followed the heads";
}

TEST_F(http_server, sends_no_body_with_204) {
  start();
  auto c = client();
  const auto r = c.post("/api", "204", "Origin: http://o\r\n");
  EXPECT_EQ(r.status, 204);
  EXPECT_FALSE(r.has("content-length"));
  EXPECT_FALSE(r.has("content-type"));
  EXPECT_EQ(r.header("access-control-allow-origin"), "*");
  EXPECT_EQ(c.post("/api", "next").body, "next");
}

TEST_F(http_server, passes_retry_after_on) {
  start();
  const auto r = client().post("/api", "429");
  EXPECT_EQ(r.status, 429);
  EXPECT_EQ(r.header("retry-after"), "7");
}

TEST_F(http_server, answers_500_when_the_endpoint_throws_or_forgets) {
  start();
  auto c = client();
  for (const auto* body : {"throw", "drop"}) {
    const auto r = c.post("/api", body, "Origin: http://o\r\n");
    EXPECT_EQ(r.status, 500) << body;
    EXPECT_EQ(r.body, R"({"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal error","data":{"request_id":")" +
                          r.header("x-request-id") + R"("}},"id":null})")
        << body;
    EXPECT_EQ(r.header("access-control-allow-origin"), "*") << body;
  }
  EXPECT_EQ(c.post("/api", "x").status, 200);
}

TEST_F(http_server, puts_cors_headers_on_every_answer_to_an_origin) {
  settings.body_limit = 10;
  start();
  auto c = client();
  const std::string_view origin = "Origin: http://o\r\n";
  const auto open = [](const tests::http_response& r, int status) {
    EXPECT_EQ(r.status, status);
    EXPECT_EQ(r.header("access-control-allow-origin"), "*") << status;
    EXPECT_EQ(r.header("access-control-allow-credentials"), "true") << status;
    EXPECT_FALSE(r.has("vary")) << status;
  };
  open(c.post("/api", "x", origin), 200);
  open(c.post("/api", "429", origin), 429);
  open(c.post("/api", "503", origin), 503);
  open(c.get("/ping", origin), 200);
  open(c.get("/nothing", origin), 404);
  open(c.get("/api", origin), 405);
  open(c.post("/api/", "x", origin), 307);
  open(c.post("/api", "far too long a body", origin), 413);
}

TEST_F(http_server, names_the_origin_when_a_cookie_came) {
  start();
  const auto r = client().post("/api", "x", "Origin: http://o\r\nCookie: a=b\r\n");
  EXPECT_EQ(r.header("access-control-allow-origin"), "http://o");
  EXPECT_EQ(r.header("vary"), "Origin");
  EXPECT_EQ(r.header("access-control-allow-credentials"), "true");
}

TEST_F(http_server, answers_a_preflight_on_any_path) {
  start();
  auto c = client();
  for (const auto* path : {"/api", "/ping", "/nowhere"}) {
    const auto r = c.request("OPTIONS", path, {},
                             "Origin: http://o\r\nAccess-Control-Request-Method: POST\r\n"
                             "Access-Control-Request-Headers: content-type,x-session-id\r\n");
    EXPECT_EQ(r.status, 200) << path;
    EXPECT_EQ(r.body, "OK") << path;
    EXPECT_TRUE(r.header("content-type").starts_with("text/plain")) << path;
    EXPECT_EQ(r.header("access-control-allow-origin"), "http://o") << path;
    EXPECT_EQ(r.header("vary"), "Origin") << path;
    EXPECT_EQ(r.header("access-control-allow-methods"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT") << path;
    EXPECT_EQ(r.header("access-control-allow-headers"), "content-type,x-session-id") << path;
    EXPECT_EQ(r.header("access-control-max-age"), "600") << path;
    EXPECT_EQ(r.header("access-control-allow-credentials"), "true") << path;
  }
}

TEST_F(http_server, counts_what_it_serves) {
  start();
  auto c = client();
  c.post("/api", "x");
  c.get("/nothing");
  EXPECT_EQ(count("quorate_http_requests_total", {{"code", "200"}}), 1u);
  EXPECT_EQ(count("quorate_http_requests_total", {{"code", "404"}}), 1u);
  EXPECT_GT(count("quorate_http_request_bytes_total"), 50u);
  EXPECT_GT(count("quorate_http_response_bytes_total"), 100u);
  EXPECT_EQ(open_connections(), 1);
  c.close();
  EXPECT_TRUE(tests::eventually([&] { return open_connections() == 0; }));
}

}  // namespace
}  // namespace quorate::net
