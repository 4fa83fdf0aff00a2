// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "rpc/dispatcher.hpp"
#include "tests/common/fake_runtime.hpp"

namespace quorate::rpc {
namespace {

struct get_server {
  method_table methods;
  tests::fake_reads reads;
  tests::fake_front front;
  actors::metrics::registry metrics;
  endpoint::done_function waiting;
  rpc::dispatcher dispatcher{
      {.methods = methods,
       .settings = {},
       .reads = reads,
       .front = front,
       .metrics = metrics,
       .routes = {{"/ping", [](endpoint::done_function done) { done({.body = "pong"}); }},
                  {"/slow", [this](endpoint::done_function done) { waiting = std::move(done); }}}}};
};

TEST(dispatcher_get, an_answer_on_the_spot_is_returned) {
  get_server server;
  const auto begun = server.dispatcher.get("/ping?x=1", [](reply) { ADD_FAILURE(); });
  ASSERT_TRUE(begun.answer);
  EXPECT_EQ(begun.answer->body, "pong");
}

TEST(dispatcher_get, a_late_answer_is_handed_over) {
  get_server server;
  std::string body;
  const auto begun = server.dispatcher.get("/slow", [&](reply r) { body = r.body; });
  EXPECT_FALSE(begun.answer);
  ASSERT_TRUE(begun.running);
  server.waiting({.body = "late"});
  EXPECT_EQ(body, "late");
}

TEST(dispatcher_get, nobody_hears_after_a_hang_up) {
  get_server server;
  const auto begun = server.dispatcher.get("/slow", [](reply) { ADD_FAILURE(); });
  begun.running->abandon();
  server.waiting({.body = "late"});
}

TEST(dispatcher_get, unknown_paths_are_not_found) {
  get_server server;
  const auto begun = server.dispatcher.get("/ping/", [](reply) { ADD_FAILURE(); });
  ASSERT_TRUE(begun.answer);
  EXPECT_EQ(begun.answer->status, 404);
  EXPECT_EQ(begun.answer->body, R"({"detail":"Not Found"})");
}

}  // namespace
}  // namespace quorate::rpc
