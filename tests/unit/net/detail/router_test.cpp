// SPDX-License-Identifier: MIT
#include "net/detail/router.hpp"

#include <gtest/gtest.h>

namespace quorate::net::detail {
namespace {

struct found {
  destination to;
  std::string path;
  std::string allow;
};

found ask(verb method, std::string target) {
  request_head h;
  h.method = method;
  h.target = std::move(target);
  const auto r = find_route(h);
  return {r.to, std::string(r.path), std::string(r.allow)};
}

TEST(router, sends_calls_to_api_only) {
  EXPECT_EQ(ask(verb::post, "/api").to, destination::call);
  EXPECT_EQ(ask(verb::post, "/api?x=/api/").to, destination::call);
  EXPECT_EQ(ask(verb::post, "http://host:4000/api").to, destination::call);
  EXPECT_EQ(ask(verb::post, "/").to, destination::not_found);
  EXPECT_EQ(ask(verb::post, "/apis").to, destination::not_found);
  EXPECT_EQ(ask(verb::post, "/API").to, destination::not_found);
}

TEST(router, redirects_the_path_with_a_slash) {
  EXPECT_EQ(ask(verb::post, "/api/").to, destination::redirect);
  EXPECT_EQ(ask(verb::get, "/api/").to, destination::read);
}

TEST(router, allows_post_alone_on_api) {
  for (const auto method : {verb::get, verb::head, verb::options, verb::other}) {
    const auto r = ask(method, "/api");
    EXPECT_EQ(r.to, destination::method_not_allowed);
    EXPECT_EQ(r.allow, "POST");
  }
}

TEST(router, hands_every_other_get_on_without_its_query) {
  EXPECT_EQ(ask(verb::get, "/health/db?verbose=1").to, destination::read);
  EXPECT_EQ(ask(verb::get, "/health/db?verbose=1").path, "/health/db");
  EXPECT_EQ(ask(verb::get, "http://h").path, "/");
  EXPECT_EQ(ask(verb::get, "http://h/ping#x").path, "/ping");
}

TEST(router, allows_get_alone_where_there_is_something_to_read) {
  for (const auto* path : {"/ping", "/health", "/health/db", "/ready", "/metrics", "/api/explorer/stats"}) {
    const auto r = ask(verb::post, path);
    EXPECT_EQ(r.to, destination::method_not_allowed) << path;
    EXPECT_EQ(r.allow, "GET") << path;
  }
  EXPECT_EQ(ask(verb::head, "/ping").to, destination::method_not_allowed);
  EXPECT_EQ(ask(verb::head, "/anything").to, destination::not_found);
  EXPECT_EQ(ask(verb::other, "/healthy").to, destination::not_found);
}

TEST(router, answers_a_preflight_on_any_path) {
  request_head h;
  h.method = verb::options;
  h.target = "/nowhere";
  h.origin = "http://o";
  h.requested_method = "POST";
  EXPECT_EQ(find_route(h).to, destination::preflight);
}

}  // namespace
}  // namespace quorate::net::detail
