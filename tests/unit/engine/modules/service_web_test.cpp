// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "engine/modules/service.hpp"
#include "tests/common/web_server.hpp"
#include "tests/unit/engine/modules/values.hpp"
#include "tests/unit/engine/modules/waiting.hpp"

namespace quorate::engine::modules {
namespace {

using chain::calldata_map;
using chain::calldata_value;
using quorate::tests::web_server;

constexpr auto page =
    "<html><head><title>T</title></head><body><h1>Hello</h1>\n<p>a  &amp; b</p><script>x</script></body></html>";

/// A small site.
std::optional<web_server::reply> site(const web_server::request& seen) {
  const auto& target = seen.target;
  if (target == "/page") return web_server::reply{.body = page, .headers = {{"Content-Type", "text/html"}}};
  if (target == "/data")
    return web_server::reply{.body = "{\"a\":  1}", .headers = {{"Content-Type", "application/json"}}};
  if (target == "/missing") return web_server::reply{.status = 404, .body = "not here"};
  if (target == "/away") return web_server::reply{.status = 302, .headers = {{"Location", "http://10.0.0.1/"}}};
  if (target == "/file") return web_server::reply{.status = 302, .headers = {{"Location", "file:///etc/passwd"}}};
  if (target == "/round") return web_server::reply{.status = 302, .headers = {{"Location", "/round"}}};
  if (target == "/moved") return web_server::reply{.status = 301, .headers = {{"Location", "page"}}};
  if (target == "/again") return web_server::reply{.status = 307, .headers = {{"Location", "/echo"}}};
  if (target == "/silent") return std::nullopt;
  return web_server::reply{.status = 202, .body = seen.method + " " + seen.body, .headers = {{"X-Mark", "m"}}};
}

class web_service : public ::testing::Test {
 protected:
  /// A server that answers has all the time a busy machine may need.
  explicit web_service(std::chrono::milliseconds web_time = std::chrono::minutes{1}, const std::string& browser = "")
      : service_{{.web_time = web_time, .most_bytes = 100'000, .browser = browser}} {
    EXPECT_TRUE(service_.start_web({{"always_allow_hosts", {"127.0.0.1"}}}));
  }

  std::string ask(std::string_view kind, const calldata_value& payload, json host_data = json::object()) {
    tests::waiting<answer> got;
    const auto begun = service_.ask(kind, payload, {.host_data = std::move(host_data)}, got.taker());
    if (!begun) return begun.error().message;
    last_ = got.get().value_or(answer{});
    EXPECT_FALSE(last_.fatal);
    return chain::calldata_text(last_.value);
  }
  std::string render(const std::string& url, const char* mode = "text", const char* wait = nullptr) {
    json payload{{"url", url}, {"mode", mode}, {"wait_after_loaded", nullptr}};
    if (wait != nullptr) payload["wait_after_loaded"] = wait;
    return ask("WebRender", chain::calldata_from_json(payload).value());
  }
  std::string request(const std::string& url, const char* method = "GET", std::string body = "",
                      calldata_map headers = {}, json host_data = json::object()) {
    calldata_map payload{
        {"url", calldata_value{url}},
        {"method", calldata_value{method}},
        {"body", body.empty() ? calldata_value{} : calldata_value{chain::bytes{body.begin(), body.end()}}},
        {"headers", calldata_value{std::move(headers)}}};
    return ask("WebRequest", calldata_value{std::move(payload)}, std::move(host_data));
  }
  const calldata_map& response() const {
    const auto& ok = std::get<calldata_map>(std::get<calldata_map>(last_.value.held).at("ok").held);
    return std::get<calldata_map>(ok.at("response").held);
  }
  std::string body() const {
    const auto& bytes = std::get<chain::bytes>(response().at("body").held);
    return {bytes.begin(), bytes.end()};
  }
  std::string cause() const {
    const auto& error = std::get<calldata_map>(std::get<calldata_map>(last_.value.held).at("error").held);
    return std::get<std::string>(std::get<chain::calldata_array>(error.at("causes").held).at(0).held);
  }
  json ctx() const { return chain::calldata_to_json(last_.value).at("error").at("ctx"); }

  web_server server_{site};
  service service_;
  answer last_;
};

/// Silence is waited for shortly.
class impatient_web_service : public web_service {
 protected:
  impatient_web_service() : web_service{std::chrono::milliseconds{300}} {}
};

TEST_F(web_service, a_request_gets_status_headers_and_body) {
  calldata_map headers{{"X-A", calldata_value{chain::bytes{'a'}}}};
  request(server_.url("/echo"), "PATCH", "data", headers);
  EXPECT_EQ(response().at("status"), calldata_value{chain::integer{202}});
  EXPECT_EQ(std::get<calldata_map>(response().at("headers").held).at("x-mark"), calldata_value{chain::bytes{'m'}});
  EXPECT_EQ(body(), "PATCH data");
  EXPECT_EQ(server_.requests().at(0).headers.at("x-a"), "a");
  request(server_.url("/missing"));
  EXPECT_EQ(response().at("status"), calldata_value{chain::integer{404}});
  request(server_.url("/missing"), "HEAD");
  EXPECT_EQ(response().at("body"), calldata_value{});
}

TEST_F(web_service, redirects_are_followed_as_browsers_do) {
  request(server_.url("/moved"), "POST", "data");
  EXPECT_EQ(body(), page);
  EXPECT_EQ(server_.requests().back().method, "GET");
  EXPECT_EQ(server_.requests().back().body, "");
  request(server_.url("/again"), "POST", "data", {{"Authorization", calldata_value{chain::bytes{'k'}}}});
  EXPECT_EQ(body(), "POST data");
  EXPECT_EQ(server_.requests().back().headers.at("authorization"), "k");  // the same host
}

TEST_F(web_service, credentials_stay_with_their_host) {
  const auto elsewhere = server_.url("/echo");
  web_server other{[&](const web_server::request&) {
    return web_server::reply{.status = 307, .headers = {{"Location", elsewhere}}};
  }};
  request(other.url("/"), "GET", "",
          {{"Authorization", calldata_value{chain::bytes{'k'}}}, {"X-A", calldata_value{chain::bytes{'a'}}}});
  EXPECT_EQ(body(), "GET ");
  EXPECT_TRUE(other.requests().at(0).headers.contains("authorization"));
  EXPECT_FALSE(server_.requests().at(0).headers.contains("authorization"));
  EXPECT_TRUE(server_.requests().at(0).headers.contains("x-a"));
}

TEST_F(web_service, redirects_do_not_lead_where_requests_may_not) {
  request(server_.url("/away"));
  EXPECT_EQ(cause(), "TLD_FORBIDDEN");
  request(server_.url("/file"));
  EXPECT_EQ(cause(), "SCHEMA_FORBIDDEN");
  request(server_.url("/round"));
  EXPECT_EQ(cause(), "WEBPAGE_LOAD_FAILED");
  EXPECT_EQ(ctx().at("message"), "too many redirects");
  EXPECT_EQ(server_.requests().size(), 2u + 11u);
  render(server_.url("/away"));
  EXPECT_EQ(cause(), "TLD_FORBIDDEN");
}

TEST_F(web_service, names_of_inner_addresses_are_refused_when_they_are_resolved) {
  ASSERT_TRUE(service_.start_web({{"extra_tld", {"localhost"}}}));
  request("http://localhost/");
  EXPECT_EQ(cause(), "ADDRESS_FORBIDDEN");
  render("http://localhost/");
  EXPECT_EQ(cause(), "ADDRESS_FORBIDDEN");
  request(server_.url("/echo"));
  EXPECT_EQ(cause(), "PORT_FORBIDDEN");
  EXPECT_EQ(server_.requests().size(), 0u);
}

TEST_F(impatient_web_service, what_does_not_answer_is_an_error) {
  request(server_.url("/silent"));
  EXPECT_EQ(cause(), "WEBPAGE_LOAD_FAILED");
  EXPECT_EQ(ctx().at("message").get<std::string>().substr(0, 8), "timeout:");
  EXPECT_TRUE(server_.wait_for_hang_ups(1));
}

TEST_F(web_service, a_host_that_takes_no_connections_is_an_error) {
  request("http://127.0.0.1:1/");
  EXPECT_EQ(ctx().at("message"), "the host does not take connections");
}

TEST_F(web_service, requests_are_mocked_and_pages_are_not) {
  const auto mocks = tests::parsed(R"({"mock_web_response":{"nondet_web_request":{
      "https://a.com/x":{"method":"GET","status":418,"body":"tea","headers":{"X-A":"b"}}, "https://a.com/y":{"method":"GET","body":{"a":1}}}}})");
  request("https://a.com/x", "GET", "", {}, mocks);
  EXPECT_EQ(response().at("status"), calldata_value{chain::integer{418}});
  EXPECT_EQ(body(), "tea");
  EXPECT_EQ(std::get<calldata_map>(response().at("headers").held).at("X-A"), calldata_value{chain::bytes{'b'}});
  request("https://a.com/y", "GET", "", {}, mocks);
  EXPECT_EQ(response().at("status"), calldata_value{chain::integer{200}});
  EXPECT_EQ(body(), R"({"a":1})");
}

TEST_F(web_service, a_page_is_shown_without_a_browser) {
  EXPECT_EQ(render(server_.url("/page")), R"({"ok":{"text":"Hello\n\na & b"}})");
  EXPECT_EQ(render(server_.url("/moved"), "html"),
            R"({"ok":{"text":"<h1>Hello</h1>\n<p>a  &amp; b</p><script>x</script>"}})");
  EXPECT_EQ(render(server_.url("/data")), R"({"ok":{"text":"{\"a\": 1}"}})");
  render(server_.url("/missing"));
  EXPECT_EQ(cause(), "WEBPAGE_LOAD_FAILED");
  EXPECT_EQ(ctx(), (json{{"url", server_.url("/missing")}, {"status", 404}, {"body", "not here"}}));
  render(server_.url("/page"), "screenshot");
  EXPECT_EQ(cause(), "WEBPAGE_LOAD_FAILED");
}

TEST_F(web_service, a_webdriver_shows_pages_when_there_is_one) {
  web_server driver{[](const web_server::request& seen) -> std::optional<web_server::reply> {
    if (seen.target.find("gone") != std::string::npos)
      return web_server::reply{.body = "gone", .headers = {{"Resulting-Status", "410"}}};
    if (seen.target.find("broken") != std::string::npos) return web_server::reply{.status = 500, .body = "broken"};
    return web_server::reply{.body = "shown", .headers = {{"Resulting-Status", "200"}}};
  }};
  ASSERT_TRUE(service_.start_web({{"webdriver_host", driver.url("/")}}));
  EXPECT_EQ(render("https://example.com/a?b=c&d", "text", "1500ms"), R"({"ok":{"text":"shown"}})");
  EXPECT_EQ(driver.requests().at(0).target,
            "/render?url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc%26d&mode=text&waitAfterLoaded=1.5");
  EXPECT_EQ(render("https://example.com/", "screenshot"), R"({"ok":{"image":b#73686f776e}})");
  EXPECT_EQ(driver.requests().at(1).target,
            "/render?url=https%3A%2F%2Fexample.com%2F&mode=screenshot&waitAfterLoaded=0");
  render("https://example.com/gone");
  EXPECT_EQ(ctx().at("status"), 410);
  render("https://example.com/broken");
  EXPECT_EQ(ctx().at("status"), 500);
  render("https://example.invalid/");
  EXPECT_EQ(cause(), "TLD_FORBIDDEN");
  EXPECT_EQ(driver.requests().size(), 4u);
}

TEST_F(web_service, a_configuration_that_is_wrong_changes_nothing) {
  EXPECT_EQ(service_.start_web(json::array()).error().message, "config: an object is expected");
  EXPECT_EQ(service_.start_web({{"extra_tld", "a"}}).error().message, "extra_tld: an array of texts is expected");
  EXPECT_EQ(service_.start_web({{"always_allow_hosts", {1}}}).error().message,
            "always_allow_hosts: an array of texts is expected");
  EXPECT_EQ(service_.start_web({{"webdriver_host", 1}}).error().message, "webdriver_host: a URL or null is expected");
  request(server_.url("/echo"));
  EXPECT_EQ(body(), "GET ");
}

}  // namespace
}  // namespace quorate::engine::modules
