// SPDX-License-Identifier: MIT
#include "rpc/dispatcher.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/common/demo_server.hpp"

namespace quorate::rpc {
namespace {

using tests::demo_server;

std::string call_text(std::string_view method, std::string_view params, int id = 1) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":"{}","params":{},"id":{}}})", method, params, id);
}

TEST(dispatcher, key_reads_need_no_actor) {
  demo_server server;
  server.reads.rows[{db::read_kind::balance, "alice"}] = chain::integer{"1000000000000000000000"};
  EXPECT_EQ(server.post(call_text("balance", R"(["alice"])")).body,
            R"({"jsonrpc":"2.0","result":"1000000000000000000000","id":1})");
  EXPECT_EQ(server.post(call_text("balance", R"(["bob"])")).body, R"({"jsonrpc":"2.0","result":null,"id":1})");
  EXPECT_EQ(server.front.started, 0u);
}

TEST(dispatcher, units_and_steps_run_in_a_request_actor) {
  demo_server server;
  EXPECT_EQ(server.post(call_text("count", "[5]")).body, R"({"jsonrpc":"2.0","result":5,"id":1})");
  EXPECT_EQ(server.post(call_text("walk", "[]")).body, R"({"jsonrpc":"2.0","result":42,"id":1})");
  EXPECT_EQ(server.front.started, 2u);
  EXPECT_EQ(server.post(call_text("count", "[-1]")).body,
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"n is negative"},"id":1})");
  EXPECT_EQ(server.front.started, 2u) << "refused while it was prepared";
}

TEST(dispatcher, rows_are_put_into_words_after_the_lease) {
  demo_server server;
  actors::job_ptr leased;
  server.front.pool = [&](actors::job_ptr job) { leased = std::move(job); };
  std::optional<reply> later;
  server.start(call_text("list", "[]"), later);
  db::transaction nothing{nullptr};
  const auto committed = leased->body(nothing);
  EXPECT_EQ(server.formatted, 0) << "the connection is still held";
  leased->finish(committed);
  EXPECT_EQ(server.formatted, 1);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->body, R"({"jsonrpc":"2.0","result":[1,2,3],"id":1})");
}

TEST(dispatcher, rows_that_never_came_are_an_error_and_not_formatted) {
  demo_server server;
  server.front.pool = [](actors::job_ptr job) { job->finish(fail(errc::query_timeout, "Query timed out")); };
  EXPECT_NE(server.post(call_text("list", "[]")).body.find("-32009"), std::string::npos);
  EXPECT_EQ(server.formatted, 0);
}

TEST(dispatcher, a_large_row_is_put_into_words_by_a_request_actor) {
  demo_server server;
  server.reads.rows[{db::read_kind::contract_code, "alice"}] = std::string{"long"};
  server.front.hold = true;
  std::optional<reply> later;
  server.start(call_text("code", R"(["alice"])"), later);
  EXPECT_EQ(server.front.started, 1u);
  EXPECT_FALSE(later) << "the connection's thread did not do it";
  server.front.release();
  ASSERT_TRUE(later);
  EXPECT_EQ(later->body, R"({"jsonrpc":"2.0","result":"long","id":1})");
}

TEST(dispatcher, a_large_row_of_a_client_that_left_is_not_looked_at) {
  demo_server server;
  server.reads.hold = true;
  std::optional<reply> later;
  server.start(call_text("code", R"(["alice"])"), later).running->abandon();
  server.reads.release();
  EXPECT_EQ(server.front.started, 0u);
  EXPECT_FALSE(later);
}

TEST(dispatcher, calls_have_a_deadline) {
  settings s;
  s.call_timeout = std::chrono::seconds{7};
  demo_server server{s};
  server.now += std::chrono::hours{1};
  server.post(call_text("balance", R"(["alice"])"));
  EXPECT_EQ(server.reads.asked.front().deadline, server.now + std::chrono::seconds{7});
}

TEST(dispatcher, errors_of_the_pool_keep_their_data) {
  demo_server server;
  server.front.pool = [](actors::job_ptr job) {
    job->finish(fail(errc::pool_exhausted, "Database pool exhausted", R"({"size":20,"waiting":3})", "detail"));
  };
  EXPECT_EQ(
      server.post(call_text("count", "[5]")).body,
      R"({"jsonrpc":"2.0","error":{"code":-32007,"message":"Database pool exhausted","data":{"size":20,"waiting":3}},"id":1})");
  server.reads.failure = fail(errc::database_unavailable, "Database unavailable", R"({"retry_after_s":1})");
  EXPECT_EQ(
      server.post(call_text("balance", R"(["a"])")).body,
      R"({"jsonrpc":"2.0","error":{"code":-32008,"message":"Database unavailable","data":{"retry_after_s":1}},"id":1})");
  EXPECT_EQ(server.calls("count", "failed"), 1u);
  EXPECT_EQ(server.calls("balance", "failed"), 1u);
}

TEST(dispatcher, an_exception_is_an_internal_error_without_its_text) {
  demo_server server;
  const auto expected =
      R"({"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal error","data":{"request_id":"from-proxy"}},"id":1})";
  EXPECT_EQ(
      server
          .post(call_text("boom", "[]"), {.address = {}, .session_id = {}, .admin_key = {}, .request_id = "from-proxy"})
          .body,
      expected);
  EXPECT_NE(server.post(call_text("boom", "[]")).body.find(R"("request_id":"t-1")"), std::string::npos);
}

TEST(dispatcher, a_job_that_is_dropped_is_still_answered) {
  demo_server server;
  server.front.pool = [](actors::job_ptr) {};
  EXPECT_NE(server.post(call_text("count", "[5]")).body.find("\"error\""), std::string::npos);
  EXPECT_EQ(server.front.in_flight(), 0u);
}

TEST(dispatcher, gated_methods_take_the_key_three_ways) {
  settings s;
  s.admin_api_key = "k3y";
  demo_server server{s};
  const auto open = R"({"jsonrpc":"2.0","result":"secret result","id":1})";
  EXPECT_EQ(server.post(call_text("closed", R"([1,"k3y"])")).body, open);
  EXPECT_EQ(server.post(call_text("closed", R"({"n":1,"admin_key":"k3y"})")).body, open);
  caller who;
  who.admin_key = "k3y";
  EXPECT_EQ(server.post(call_text("closed", "[1]"), who).body, open);
  EXPECT_EQ(server.post(call_text("closed", R"([1,"wrong"])"), who).body,
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid or missing admin key","data":{}},"id":1})");
}

TEST(dispatcher, methods_that_take_a_signature_too_are_told_whom_the_key_vouches_for) {
  const auto trusts = [](settings s, std::string_view params) {
    demo_server server{std::move(s)};
    return server.post(call_text("signed", params)).body.find("true") != std::string::npos;
  };
  settings keyed, hosted;
  keyed.admin_api_key = "k3y";
  hosted.hosted = true;
  EXPECT_TRUE(trusts({}, "[1]"));
  EXPECT_TRUE(trusts(keyed, R"([1,"k3y"])"));
  EXPECT_FALSE(trusts(keyed, R"([1,"wrong"])"));
  EXPECT_FALSE(trusts(keyed, "[1]"));
  EXPECT_FALSE(trusts(hosted, "[1]"));
}

TEST(dispatcher, sheds_load_before_any_work) {
  demo_server server;
  server.front.limit = 0;
  const reply r = server.post(call_text("count", "[5]"));
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.retry_after_s, 1);
  EXPECT_EQ(r.body,
            R"({"jsonrpc":"2.0","error":{"code":-32006,"message":"Server busy: 0 calls in flight, retry later",)"
            R"("data":{"retry_after_seconds":1}},"id":1})");
  EXPECT_EQ(server.front.started, 0u);
  EXPECT_EQ(server.front.left, 0u) << "no place was taken, none is given back";
  EXPECT_EQ(server.calls("count", "shed"), 1u);
}

TEST(dispatcher, refuses_calls_while_draining) {
  demo_server server;
  server.front.is_draining = true;
  const reply r = server.post(call_text("get_data", "[]"));
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.retry_after_s, 1);
  EXPECT_NE(r.body.find("-32006"), std::string::npos);
  EXPECT_NE(r.body.find("shutting down"), std::string::npos);
  EXPECT_EQ(server.front.turned_away, 1u) << "the front counts them";
}

TEST(dispatcher, batch_entries_are_admitted_one_by_one) {
  demo_server server;
  server.front.limit = 1;
  server.reads.hold = true;
  std::optional<reply> later;
  const auto begun =
      server.start('[' + call_text("balance", R"(["a"])", 1) + ',' + call_text("balance", R"(["b"])", 2) + ']', later);
  ASSERT_FALSE(begun.answer);
  server.reads.release();
  ASSERT_TRUE(later);
  EXPECT_EQ(later->status, 200) << "one of them was served";
  EXPECT_NE(later->body.find("-32006"), std::string::npos);
  server.front.limit = 0;
  EXPECT_EQ(server.post('[' + call_text("get_data", "[]") + ']').status, 503);
}

TEST(dispatcher, every_place_is_given_back) {
  demo_server server;
  server.post(call_text("get_data", "[]"));
  server.post(call_text("boom", "[]"));
  server.post(call_text("sum", "[]"));
  server.post(call_text("balance", R"(["a"])"));
  server.post(call_text("walk", "[]"));
  server.post(call_text("nobody", "[]"));
  EXPECT_EQ(server.front.in_flight(), 0u);
}

TEST(dispatcher, batch_entries_run_together_and_answer_in_order) {
  demo_server server;
  server.reads.hold = server.front.hold = true;
  std::optional<reply> later;
  const auto begun = server.start('[' + call_text("balance", R"(["a"])", 1) + ',' + call_text("get_data", "[]", 2) +
                                      ',' + call_text("count", "[3]", 3) + ']',
                                  later);
  ASSERT_FALSE(begun.answer);
  ASSERT_TRUE(begun.running);
  EXPECT_EQ(server.front.in_flight(), 2u);
  server.front.release();
  EXPECT_FALSE(later);
  server.reads.release();
  ASSERT_TRUE(later);
  EXPECT_EQ(later->body, R"([{"jsonrpc":"2.0","result":null,"id":1},{"jsonrpc":"2.0","result":["hello",5],"id":2},)"
                         R"({"jsonrpc":"2.0","result":3,"id":3}])");
}

TEST(dispatcher, abandoning_ends_what_runs_and_answers_nobody) {
  demo_server server;
  server.reads.hold = server.front.hold = true;
  std::optional<reply> later;
  auto begun =
      server.start('[' + call_text("balance", R"(["a"])", 1) + ',' + call_text("count", "[3]", 2) + ']', later);
  begun.running->abandon();
  EXPECT_EQ(server.front.abandoned, 1u);
  EXPECT_EQ(server.front.in_flight(), 0u);
  server.reads.release();
  begun.running->abandon();
  EXPECT_EQ(server.front.left, 2u) << "once per call";
  EXPECT_FALSE(later);
  EXPECT_EQ(server.calls("balance", "abandoned"), 1u);
  EXPECT_EQ(server.calls("count", "abandoned"), 1u);
}

TEST(dispatcher, nothing_keeps_an_answered_exchange_alive) {
  demo_server server;
  server.reads.hold = server.front.hold = true;
  std::optional<reply> later;
  const auto body = '[' + call_text("balance", R"(["a"])", 1) + ',' + call_text("count", "[3]", 2) + ']';
  std::weak_ptr<pending> watched = server.start(body, later).running;
  EXPECT_FALSE(watched.expired());
  server.front.release();
  server.reads.release();
  EXPECT_TRUE(later);
  EXPECT_TRUE(watched.expired());
}

TEST(dispatcher, counts_calls_by_method_and_outcome) {
  demo_server server;
  server.post(call_text("get_data", "[]"));
  server.post(call_text("sum", "[]"));
  server.post(call_text("nobody", "[]"));
  server.post("nonsense");
  EXPECT_EQ(server.calls("get_data", "ok"), 1u);
  EXPECT_EQ(server.calls("sum", "refused"), 1u);
  EXPECT_EQ(server.calls("unknown", "refused"), 2u);
  EXPECT_EQ(server.metrics.histogram("quorate_rpc_call_seconds", "", {{"method", "get_data"}}).count(), 1u);
}

}  // namespace
}  // namespace quorate::rpc
