// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/common/demo_server.hpp"

/// The table of docs/spec/json-rpc.md §2.2, row by row, with docs/spec/decisions.md on top: bytes in, status and bytes
/// out.
namespace quorate {
namespace {

struct row {
  std::string request;
  int status;
  std::string body;
};

const std::string parse_error = R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null})";
const std::string invalid = R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request"},"id":null})";

std::string invalid_with(std::string_view id) {
  return fmt::format(R"({{"jsonrpc":"2.0","error":{{"code":-32600,"message":"Invalid Request"}},"id":{}}})", id);
}
std::string ok(std::string_view result, std::string_view id = "1") {
  return fmt::format(R"({{"jsonrpc":"2.0","result":{},"id":{}}})", result, id);
}
std::string error(int code, std::string_view message, std::string_view id = "1") {
  return fmt::format(R"({{"jsonrpc":"2.0","error":{{"code":{},"message":"{}"}},"id":{}}})", code, message, id);
}

void expect(const std::vector<row>& rows) {
  for (const row& r : rows) {
    tests::demo_server server;
    const rpc::reply got = server.post(r.request);
    EXPECT_EQ(got.status, r.status) << r.request;
    EXPECT_EQ(got.body, r.body) << r.request;
    EXPECT_EQ(got.content_type, "application/json");
    EXPECT_EQ(server.front.in_flight(), 0u) << r.request;
  }
}

TEST(envelope, what_is_not_json) {
  expect({{"", 400, parse_error},
          {" ", 400, parse_error},
          {"hello", 400, parse_error},
          {R"({"method":"get_data","id":1)", 400, parse_error},
          {R"({"method":"get_data","id":1}})", 400, parse_error},
          {R"({"method":"get_data","id":1} {"method":"get_data","id":2})", 400, parse_error},
          {R"({'method':'get_data','id':1})", 400, parse_error},
          {R"({"method":"get_data","id":1,})", 400, parse_error}});
}

TEST(envelope, nan_and_infinity_are_no_json) {
  for (const char* word : {"NaN", "Infinity", "-Infinity", "nan", "1e", "0x10"}) {
    expect({{fmt::format(R"({{"method":"echo","params":[{}],"id":1}})", word), 400, parse_error}});
  }
}

TEST(envelope, bad_utf8_is_a_parse_error) {
  expect({{"{\"method\":\"echo\",\"params\":[\"\xff\"],\"id\":1}", 400, parse_error},
          {"{\"method\":\"echo\",\"params\":[\"\xed\xa0\x80\"],\"id\":1}", 400, parse_error},
          {"{\"method\":\"echo\",\"params\":[1],\"id\":\"\xc3\"}", 400, parse_error},
          {R"({"method":"echo","params":["\ud800"],"id":1})", 400, parse_error}});
}

TEST(envelope, a_byte_order_mark_is_passed_over_and_utf16_refused) {
  std::string wide;
  for (const char c : std::string_view{R"({"method":"get_data","id":1})"}) wide += std::string{c, '\0'};
  expect({{"\xEF\xBB\xBF{\"method\":\"get_data\",\"id\":1}", 200, ok(R"(["hello",5])")},
          {wide, 400, parse_error},
          {"\xFF\xFE" + wide, 400, parse_error}});
}

TEST(envelope, json_that_is_no_request) {
  expect({{"\"text\"", 400, invalid},
          {"1", 400, invalid},
          {"true", 400, invalid},
          {"null", 400, invalid},
          {"[]", 400, invalid}});
}

TEST(envelope, objects_that_are_no_request_are_answered_without_a_result) {
  expect({{R"({"id":1})", 200, invalid_with("1")},
          {R"({"method":5,"id":"a"})", 200, invalid_with("\"a\"")},
          {R"({"jsonrpc":2,"method":"get_data","id":1})", 200, invalid_with("1")},
          {R"({"jsonrpc":null,"method":"get_data","id":1})", 200, invalid_with("1")},
          {R"({})", 200, invalid},
          {R"({"method":5})", 200, invalid},
          {R"({"method":5,"id":null})", 200, invalid}});
}

TEST(envelope, the_version_is_not_insisted_on) {
  expect({{R"({"method":"get_data","id":1})", 200, ok(R"(["hello",5])")},
          {R"({"jsonrpc":"1.0","method":"get_data","id":1})", 200, ok(R"(["hello",5])")},
          {R"({"jsonrpc":"2.0","method":"get_data","id":1,"extra":{"a":[1]}})", 200, ok(R"(["hello",5])")}});
}

TEST(envelope, null_results_are_present) {
  expect({{R"({"method":"balance","params":["x"],"id":1})", 200, ok("null")},
          {R"({"method":"echo","params":[{"a":null}],"id":1})", 200, ok(R"({"a":null})")}});
}

TEST(envelope, ids_come_back_as_they_were_sent) {
  for (const char* id :
       {"0", "\"\"", "false", "null", "1.5", "-0.0", "1e400", "18446744073709551616", "[1,\"a\"]", "{\"z\":1,\"a\":[]}",
        "\"\\u00e9\"", "123456789012345678901234567890123456789012345678901234567890"}) {
    expect({{fmt::format(R"({{"method":"get_data","id":{}}})", id), 200, ok(R"(["hello",5])", id)},
            {fmt::format(R"([{{"method":"nobody","id":{}}}])", id), 200,
             '[' + error(-32601, "Method not found: nobody", id) + ']'}});
  }
}

TEST(envelope, of_two_equal_members_the_last_counts) {
  expect({{R"({"id":1,"method":"nobody","method":"echo","params":[1],"params":[{"a":1,"a":2}],"id":2})", 200,
           ok(R"({"a":2})", "2")}});
}

TEST(envelope, numbers_pass_unchanged) {
  for (const char* number :
       {"1e+21", "0.10", "115792089237316195423570985008687907853269984665640564039457584007913129639936"}) {
    expect({{fmt::format(R"({{"method":"echo","params":[{}],"id":1}})", number), 200, ok(number)}});
  }
}

TEST(envelope, notifications_are_never_answered) {
  expect({{R"({"method":"get_data"})", 204, ""},
          {R"({"method":"nobody"})", 204, ""},
          {R"({"method":"sum","params":[1]})", 204, ""},
          {R"({"method":"boom"})", 204, ""},
          {R"([{"method":"get_data"},{"method":"boom"}])", 204, ""}});
}

TEST(envelope, params_of_every_form) {
  expect(
      {{R"({"method":"get_data","params":null,"id":1})", 200, ok(R"(["hello",5])")},
       {R"({"method":"echo","params":5,"id":1})", 200, ok("5")},
       {R"({"method":"sum","params":5,"id":1})", 200, error(-32602, "Positional params require a single argument")},
       {R"({"method":"sum","params":[1,2],"id":1})", 200, error(-32602, "Missing required parameter: c")},
       {R"({"method":"sum","params":[1,2,3,4],"id":1})", 200, error(-32602, "Too many parameters provided")},
       {R"({"method":"sum","params":{"a":1,"b":2,"c":3,"d":4},"id":1})", 200, error(-32602, "Unexpected parameter: d")},
       {R"({"method":"sum","params":[1,2,"3"],"id":1})", 200,
        error(-32602, "Invalid parameter c: expected an integer")}});
}

TEST(envelope, one_bad_entry_spoils_nothing) {
  expect(
      {{R"([{"method":"get_data","id":1},5,"x",[],{"id":2},{"method":"boom"},{"method":"sum","params":[1,2,3],"id":3}])",
        200,
        '[' + ok(R"(["hello",5])") + ',' + invalid + ',' + invalid + ',' + invalid + ',' + invalid_with("2") + ',' +
            ok("6", "3") + ']'}});
}

std::string batch_of(std::size_t size, std::string_view entry) {
  std::string out = "[";
  for (std::size_t i = 0; i < size; ++i) out.append(i == 0 ? "" : ",").append(entry);
  return out + ']';
}

TEST(envelope, a_batch_has_at_most_a_hundred_entries) {
  const auto refusal = [](std::size_t size) {
    return fmt::format(R"({{"jsonrpc":"2.0","error":{{"code":-32600,"message":"Invalid Request","data":)"
                       R"({{"message":"Batch request exceeds maximum size of 100","size":{}}}}},"id":null}})",
                       size);
  };
  tests::demo_server server;
  EXPECT_EQ(server.ask(batch_of(100, R"({"method":"get_data","id":1})")).size(), 100u);
  EXPECT_EQ(server.calls("get_data", "ok"), 100u);
  expect({{batch_of(101, R"({"method":"get_data","id":1})"), 400, refusal(101)},
          {batch_of(100'000, "1"), 400, refusal(100'000)},
          {batch_of(100'000, R"({"method":"get_data"})"), 400, refusal(100'000)}});
  EXPECT_TRUE(server.heard.empty());
}

TEST(envelope, bombs_end_at_their_limits) {
  const std::string deep(200'000, '['), objects = [] {
    std::string out;
    for (int i = 0; i < 40'000; ++i) out += R"({"a":)";
    return out;
  }();
  expect({{deep, 400, parse_error},
          {deep + std::string(200'000, ']'), 400, parse_error},
          {objects, 400, parse_error},
          {R"({"method":"echo","id":1,"params":)" + deep + "}", 400, parse_error},
          {R"({"method":"echo","params":[1],"id":)" + deep + "}", 400, parse_error},
          {R"({"method":"echo","id":1,"params":)" + batch_of(100'001, "1") + "}", 400, parse_error}});
}

TEST(envelope, a_long_method_name_is_not_echoed_whole) {
  tests::demo_server server;
  const auto reply = server.post(fmt::format(R"({{"method":"{}","id":1}})", std::string(100'000, 'x')));
  EXPECT_LT(reply.body.size(), 300u);
}

}  // namespace
}  // namespace quorate
