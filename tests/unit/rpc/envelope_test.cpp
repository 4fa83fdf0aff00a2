// SPDX-License-Identifier: MIT
#include "rpc/envelope.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc {
namespace {

result<request> read(std::string_view body, std::size_t batch_limit = 100) {
  return read_request(body, {}, batch_limit);
}

entry one(std::string_view body) {
  auto r = read(body);
  EXPECT_TRUE(r) << body;
  if (!r) return {};
  EXPECT_FALSE(r->batch);
  EXPECT_EQ(r->entries.size(), 1u);
  return r->entries.front();
}

TEST(envelope, reads_a_call) {
  const entry e = one(R"({"jsonrpc":"2.0","method":"m","params":[1,{"a":2}],"id":7,"extra":[{}]})");
  EXPECT_TRUE(e.valid);
  EXPECT_FALSE(e.notification);
  EXPECT_EQ(e.id, "7");
  EXPECT_EQ(e.method, "m");
  EXPECT_EQ(chain::dump_json(e.params), R"([1,{"a":2}])");
}

TEST(envelope, ids_are_kept_to_the_letter) {
  for (const char* id : {"1", "0", "-1", "\"\"", "\"a b\"", "\"\\u00e9\\\" x\"", "null", "false", "1.50", "1e400",
                         "123456789012345678901234567890", "[1,{\"b\":1,\"a\":2}]", "{}"}) {
    const entry e = one(std::string{R"({"method":"m","id":)"} + id + "}");
    EXPECT_EQ(e.id, id);
    EXPECT_FALSE(e.notification);
  }
  EXPECT_EQ(one(R"({"method":"m","id": { "z" : [ 1 , "a \" b" ] } })").id, R"({"z":[1,"a \" b"]})");
}

TEST(envelope, a_call_without_id_is_a_notification) {
  const entry e = one(R"({"method":"m"})");
  EXPECT_TRUE(e.valid);
  EXPECT_TRUE(e.notification);
}

TEST(envelope, tells_valid_from_invalid_objects) {
  EXPECT_TRUE(one(R"({"method":"m","jsonrpc":"1.0","id":1})").valid);
  for (const char* body :
       {"{}", R"({"id":1})", R"({"method":1,"id":1})", R"({"method":null})", R"({"jsonrpc":2,"method":"m"})",
        R"({"jsonrpc":null,"method":"m"})", R"({"method":"m","method":1})"}) {
    EXPECT_FALSE(one(body).valid) << body;
  }
}

TEST(envelope, of_two_equal_members_the_last_counts) {
  const entry e = one(R"({"id":1,"method":"a","params":[1],"method":"b","params":{"x":2},"id":2})");
  EXPECT_EQ(e.id, "2");
  EXPECT_EQ(e.method, "b");
  EXPECT_EQ(chain::dump_json(e.params), R"({"x":2})");
}

TEST(envelope, a_batch_keeps_its_bad_entries_apart) {
  const auto r = read(R"([{"method":"m","id":1},1,[],null,{"id":5}])");
  ASSERT_TRUE(r);
  EXPECT_TRUE(r->batch);
  ASSERT_EQ(r->entries.size(), 5u);
  EXPECT_TRUE(r->entries[0].valid);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_FALSE(r->entries[i].valid);
  EXPECT_EQ(r->entries[1].id, "null");
  EXPECT_EQ(r->entries[4].id, "5");
}

TEST(envelope, whole_bodies_are_refused_for_their_form) {
  const auto code = [](std::string_view body) { return read(body, 2).error().code; };
  for (const char* body :
       {"", " ", "{", "nope", "{}x", R"([{"method":"m","id":1},)", R"({"method":"m","id":NaN})", "[1,2,3,"}) {
    EXPECT_EQ(code(body), errc::parse_error) << body;
  }
  for (const char* body : {"[]", "1", "\"x\"", "null", "true", "[1,2,3]"})
    EXPECT_EQ(code(body), errc::invalid_request) << body;
  EXPECT_EQ(read("[1,2,3]", 2).error().data, R"({"message":"Batch request exceeds maximum size of 2","size":3})");
}

TEST(envelope, replies_are_written_in_one_order) {
  std::string out;
  append_result(out, "{\"a\":1}", "\"x\"");
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","result":{"a":1},"id":"x"})");
  out.clear();
  append_result(out, "", "1");
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","result":null,"id":1})");
  out.clear();
  append_error(out, {errc::invalid_params, "m", "", ""}, "null", "r");
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","error":{"code":-32602,"message":"m"},"id":null})");
}

}  // namespace
}  // namespace quorate::rpc
