// SPDX-License-Identifier: MIT
#include "engine/modules/web/request.hpp"

#include <gtest/gtest.h>

#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

using chain::calldata_map;
using chain::calldata_value;

calldata_value bytes_of(std::string_view text) { return calldata_value{chain::bytes{text.begin(), text.end()}}; }

template <class T>
std::string refusal(const result<T>& of) {
  return of ? "accepted" : of.error().message;
}

calldata_value with_headers(calldata_map headers) {
  return tests::with(tests::payload(R"({"url":"https://a.com","method":"GET","body":null})"), "headers",
                     calldata_value{std::move(headers)});
}

TEST(web_request, is_read_whole) {
  auto payload = tests::payload(R"({"url":"https://a.com","method":"POST"})");
  payload = tests::with(std::move(payload), "body", bytes_of("b"));
  payload = tests::with(std::move(payload), "headers", calldata_value{calldata_map{{"X-A", bytes_of("\xff")}}});
  const auto read = read_web_request(payload).value();
  EXPECT_EQ(read.url, "https://a.com");
  EXPECT_EQ(read.method, "POST");
  EXPECT_EQ(read.body, "b");
  EXPECT_EQ(read.headers, (http_headers{{"X-A", "\xff"}}));
}

TEST(web_request, headers_of_the_connection_are_left_out) {
  const auto read = read_web_request(
      with_headers({{"Host", bytes_of("b.com")}, {"CONTENT-LENGTH", bytes_of("1")}, {"Accept", bytes_of("")}}));
  EXPECT_EQ(read.value().headers, (http_headers{{"Accept", ""}}));
}

TEST(web_request, what_is_wrong_is_named) {
  EXPECT_EQ(refusal(read_web_request({})), "url: missing");
  EXPECT_EQ(refusal(read_web_request(tests::payload(R"({"url":"u"})"))), "method: missing");
  EXPECT_EQ(refusal(read_web_request(tests::payload(R"({"url":"u","method":"get"})"))),
            "method: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS is expected");
  EXPECT_EQ(refusal(read_web_request(tests::payload(R"({"url":"u","method":"GET","body":"b"})"))),
            "body: bytes or null are expected");
  EXPECT_EQ(refusal(read_web_request(tests::payload(R"({"url":"u","method":"GET","headers":[]})"))),
            "headers: a mapping is expected");
  EXPECT_EQ(refusal(read_web_request(with_headers({{"A", calldata_value{"text"}}}))), "headers.A: bytes are expected");
  EXPECT_EQ(refusal(read_web_request(with_headers({{"A", bytes_of("a\r\nB: c")}}))), "headers.A: more than one line");
  for (const char* name : {"", "A B", "A:", "A\r\n", "\u00e9"})
    EXPECT_EQ(refusal(read_web_request(with_headers({{name, bytes_of("")}}))),
              "headers: a name is not one of a header");
}

TEST(web_render, modes_and_times) {
  const auto of = [](const char* wait) {
    return read_render(tests::payload(std::string{R"({"url":"u","mode":"html","wait_after_loaded":)"} + wait + "}"));
  };
  EXPECT_EQ(of("null").value().mode, render_mode::html);
  EXPECT_EQ(of("null").value().wait.count(), 0);
  EXPECT_EQ(of("\"500ms\"").value().wait.count(), 500);
  EXPECT_EQ(of("\"2s\"").value().wait.count(), 2000);
  for (const char* wait : {"1", "\"\"", "\"s\"", "\"-1s\"", "\"1.5s\"", "\"1m\"", "\"61s\"", "\"99999999999s\""})
    EXPECT_EQ(refusal(of(wait)), "wait_after_loaded: a time such as 500ms or 2s, at most 60s, is expected") << wait;
  EXPECT_EQ(refusal(read_render(tests::payload(R"({"url":"u","mode":"pdf"})"))),
            "mode: text, html or screenshot is expected");
  EXPECT_EQ(refusal(read_render(tests::payload(R"({"url":"u"})"))), "mode: missing");
}

}  // namespace
}  // namespace quorate::engine::modules
