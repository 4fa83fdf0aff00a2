// SPDX-License-Identifier: MIT
#include "engine/modules/transport.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/common/web_server.hpp"
#include "tests/unit/engine/modules/waiting.hpp"

namespace quorate::engine::modules {
namespace {

using quorate::tests::web_server;
using kind = transport::failure_kind;

web_server::handler always(web_server::reply with) {
  return [with = std::move(with)](const web_server::request&) { return with; };
}
std::optional<web_server::reply> silence(const web_server::request&) { return std::nullopt; }

transport::exchange get(std::string url) { return {.request = {.method = "GET", .url = std::move(url)}}; }

/// Starts on the transport's thread, and waits.
transport::fetched run(transport& by, transport::exchange what) {
  tests::waiting<transport::fetched> answer;
  by.post([&by, what = std::move(what), taker = answer.taker()] { by.start(what, taker); });
  return answer.get().value_or(tl::unexpected{transport::failure{.kind = kind::busy, .message = ""}});
}

TEST(transport, sends_and_receives_what_it_is_given) {
  web_server server{always({.status = 201, .body = "hello", .headers = {{"X-Mark", " a "}, {"Set-Cookie", "b"}}})};
  transport by{{}};
  const auto got = run(by, {.request = {.method = "PUT",
                                        .url = server.url("/path?q=1"),
                                        .headers = {{"X-One", "1"}, {"X-Empty", ""}},
                                        .body = std::string{"a\0b", 3}}});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->body, "hello");
  EXPECT_EQ(header_of(*got, "x-mark"), "a");
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/path?q=1");
  EXPECT_EQ(seen.body, (std::string{"a\0b", 3}));
  EXPECT_EQ(seen.headers.at("x-one"), "1");
  EXPECT_TRUE(seen.headers.contains("x-empty"));
  EXPECT_FALSE(seen.headers.contains("content-type"));
  EXPECT_FALSE(seen.headers.contains("expect"));
  EXPECT_TRUE(seen.headers.at("user-agent").starts_with("quorate/"));
}

TEST(transport, every_method_goes_as_it_is) {
  web_server server{always({.body = "x"})};
  transport by{{}};
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const auto got = run(by, {.request = {.method = method, .url = server.url()}});
    ASSERT_TRUE(got) << method << got.error().message;
    EXPECT_EQ(got->body, method == std::string{"HEAD"} ? "" : "x") << method;
    EXPECT_EQ(server.requests().back().method, method);
  }
}

TEST(transport, a_redirect_is_an_answer) {
  web_server server{always({.status = 302, .headers = {{"Location", "/other"}}})};
  transport by{{}};
  EXPECT_EQ(run(by, get(server.url())).value().status, 302);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(transport, silence_ends_in_a_timeout_and_the_connection_is_closed) {
  web_server server{silence};
  transport by{{}};
  auto what = get(server.url());
  what.time_limit = std::chrono::milliseconds{200};
  const auto got = run(by, what);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, kind::timeout);
  EXPECT_EQ(got.error().message, "timeout: no answer in 200 ms");
  EXPECT_TRUE(server.wait_for_hang_ups(1));
}

TEST(transport, what_is_too_large_is_not_kept) {
  web_server server{always({.body = std::string(1000, 'x')})};
  transport by{{}};
  auto what = get(server.url());
  what.most_bytes = 999;
  const auto got = run(by, what);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, kind::too_large);
  what.most_bytes = 1000;
  EXPECT_TRUE(run(by, what));
}

TEST(transport, headers_are_bounded_too) {
  std::map<std::string, std::string> headers;
  for (char c = 'A'; c < 'I'; ++c) headers[std::string{"X-"} + c] = std::string(40'000, 'x');
  web_server server{always({.headers = headers})};
  transport by{{}};
  EXPECT_FALSE(run(by, get(server.url())));
}

TEST(transport, public_only_reaches_nothing_here) {
  web_server server{always({})};
  transport by{{}};
  ASSERT_TRUE(run(by, get(server.url())));  // leaves a connection that could be used again
  auto what = get(server.url());
  what.public_only = true;
  for (const auto& url : {server.url(), "http://localhost:" + std::to_string(server.port())}) {
    what.request.url = url;
    const auto got = run(by, what);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, kind::forbidden_address);
  }
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(transport, what_cannot_be_reached) {
  transport by{{}};
  for (const char* url : {"http://127.0.0.1:1/", "http://name.invalid/", "ftp://127.0.0.1/", "nonsense://"}) {
    const auto got = run(by, get(url));
    ASSERT_FALSE(got) << url;
    EXPECT_EQ(got.error().kind, kind::unreachable) << url;
    EXPECT_EQ(got.error().message.find("127.0.0.1"), std::string::npos);
  }
}

TEST(transport, an_abort_closes_the_connection_and_nothing_comes) {
  web_server server{silence};
  transport by{{}};
  tests::waiting<transport::fetched> answer;
  tests::waiting<transport::id> begun;
  by.post([&] { begun.taker()(by.start(get(server.url()), answer.taker())); });
  const auto which = begun.get().value();
  ASSERT_TRUE(server.wait_for_requests(1));
  by.post([&by, which] {
    by.abort(which);
    by.abort(which);
  });
  EXPECT_TRUE(server.wait_for_hang_ups(1));
  EXPECT_FALSE(answer.has_come());
}

TEST(transport, more_than_it_takes_fails_at_once_and_it_goes_on) {
  web_server server{silence};
  transport by{{.most_connections = 1, .most_exchanges = 2}};
  tests::waiting<transport::id> first, second;
  by.post([&] { first.taker()(by.start(get(server.url()), [](const transport::fetched&) {})); });
  by.post([&] { second.taker()(by.start(get(server.url()), [](const transport::fetched&) {})); });
  const auto one = first.get().value(), other = second.get().value();
  const auto refused = run(by, get(server.url()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, kind::busy);
  by.post([&] {
    by.abort(one);
    by.abort(other);
  });
  web_server good{always({.body = "x"})};
  EXPECT_EQ(run(by, get(good.url())).value().body, "x");
}

TEST(transport, a_callback_that_throws_ends_nothing_but_itself) {
  web_server server{always({.body = "x"})};
  transport by{{}};
  by.post([] { throw std::runtime_error{"planted"}; });
  by.post([&] { by.start(get(server.url()), [](const transport::fetched&) { throw std::runtime_error{"planted"}; }); });
  EXPECT_TRUE(run(by, get(server.url())));
}

TEST(transport, may_go_while_exchanges_run) {
  web_server server{silence};
  tests::waiting<transport::fetched> answer;
  {
    transport by{{}};
    by.post([&] { by.start(get(server.url()), answer.taker()); });
    ASSERT_TRUE(server.wait_for_requests(1));
  }
  EXPECT_TRUE(server.wait_for_hang_ups(1));
  EXPECT_FALSE(answer.has_come());
}

}  // namespace
}  // namespace quorate::engine::modules
