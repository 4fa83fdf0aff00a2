// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "chain/json.hpp"
#include "tests/common/demo_server.hpp"

/// Every exchange of the examples in https://www.jsonrpc.org/specification §7, against the real dispatcher. Error
/// objects are compared by code: the specification leaves the words to the server.
namespace quorate {
namespace {

struct exchange {
  const char* name;
  const char* request;
  const char* reply;  // empty: nothing is returned
};

const exchange examples[] = {
    {"positional", R"({"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1})",
     R"({"jsonrpc": "2.0", "result": 19, "id": 1})"},
    {"positional_swapped", R"({"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2})",
     R"({"jsonrpc": "2.0", "result": -19, "id": 2})"},
    {"named", R"({"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3})",
     R"({"jsonrpc": "2.0", "result": 19, "id": 3})"},
    {"named_in_another_order",
     R"({"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4})",
     R"({"jsonrpc": "2.0", "result": 19, "id": 4})"},
    {"notification", R"({"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]})", ""},
    {"notification_of_an_unknown_method", R"({"jsonrpc": "2.0", "method": "foobar"})", ""},
    {"unknown_method", R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})",
     R"({"jsonrpc": "2.0", "error": {"code": -32601}, "id": "1"})"},
    {"invalid_json", R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])",
     R"({"jsonrpc": "2.0", "error": {"code": -32700}, "id": null})"},
    {"invalid_request_object", R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})",
     R"({"jsonrpc": "2.0", "error": {"code": -32600}, "id": null})"},
    {"batch_with_invalid_json",
     R"([{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method"])",
     R"({"jsonrpc": "2.0", "error": {"code": -32700}, "id": null})"},
    {"empty_batch", "[]", R"({"jsonrpc": "2.0", "error": {"code": -32600}, "id": null})"},
    {"invalid_batch_that_is_not_empty", "[1]", R"([{"jsonrpc": "2.0", "error": {"code": -32600}, "id": null}])"},
    {"invalid_batch", "[1,2,3]",
     R"([{"jsonrpc": "2.0", "error": {"code": -32600}, "id": null}, {"jsonrpc": "2.0", "error": {"code": -32600}, "id": null},
         {"jsonrpc": "2.0", "error": {"code": -32600}, "id": null}])"},
    {"batch",
     R"([{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
         {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
         {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
         {"foo": "boo"},
         {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
         {"jsonrpc": "2.0", "method": "get_data", "id": "9"}])",
     R"([{"jsonrpc": "2.0", "result": 7, "id": "1"}, {"jsonrpc": "2.0", "result": 19, "id": "2"},
         {"jsonrpc": "2.0", "error": {"code": -32600}, "id": null}, {"jsonrpc": "2.0", "error": {"code": -32601}, "id": "5"},
         {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}])"},
    {"batch_of_notifications",
     R"([{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
         {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}])",
     ""},
};

/// Checks an error object's form and leaves only its code.
void reduce(chain::json& reply) {
  if (reply.is_array()) {
    for (auto& one : reply) reduce(one);
    return;
  }
  EXPECT_NE(reply.contains("result"), reply.contains("error")) << "exactly one of them";
  if (!reply.contains("error")) return;
  EXPECT_TRUE(reply["error"].at("message").is_string());
  reply["error"] = {{"code", reply["error"].at("code")}};
}

class specification_examples : public testing::TestWithParam<exchange> {};

TEST_P(specification_examples, are_answered_as_printed) {
  tests::demo_server server;
  const rpc::reply r = server.post(GetParam().request);
  if (std::string_view{GetParam().reply}.empty()) {
    EXPECT_EQ(r.body, "");
    EXPECT_EQ(r.status, 204);
    return;
  }
  auto reply = chain::parse_json(r.body);
  ASSERT_TRUE(reply) << r.body;
  reduce(*reply);
  EXPECT_EQ(*reply, chain::parse_json(GetParam().reply).value());
}

INSTANTIATE_TEST_SUITE_P(section_7, specification_examples, testing::ValuesIn(examples),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST(specification, notifications_are_carried_out) {
  tests::demo_server server;
  server.post(R"({"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]})");
  server.post(R"([{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
                  {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}])");
  EXPECT_EQ(server.heard, (std::vector<std::string>{"[1,2,3,4,5]", "[1,2,4]", "[7]"}));
}

}  // namespace
}  // namespace quorate
