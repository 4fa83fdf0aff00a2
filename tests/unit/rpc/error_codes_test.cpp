// SPDX-License-Identifier: MIT
#include "rpc/error_codes.hpp"

#include <gtest/gtest.h>

namespace quorate::rpc {
namespace {

std::string object(const error& e) {
  std::string out;
  append_error_object(out, e, "req-1");
  return out;
}

TEST(error_codes, the_table_is_the_specification) {
  const std::pair<errc, int> expected[] = {
      {errc::parse_error, -32700},    {errc::invalid_request, -32600}, {errc::method_not_found, -32601},
      {errc::invalid_params, -32602}, {errc::internal, -32603},        {errc::application, -32000},
      {errc::not_found, -32001},      {errc::no_validators, -32002},   {errc::call_rate_limited, -32005},
      {errc::server_busy, -32006},    {errc::pool_exhausted, -32007},  {errc::database_unavailable, -32008},
      {errc::query_timeout, -32009},  {errc::rate_limited, -32029},    {errc::queue_full, -32030},
      {errc::conflict, -32008},       {errc::duplicate, -32603},       {errc::cancelled, -32603}};
  for (const auto& [code, number] : expected) EXPECT_EQ(describe(code).code, number);
}

TEST(error_codes, an_unexpected_failure_shows_its_request_id_and_nothing_else) {
  const error e{errc::internal, "relation \"x\" does not exist", R"({"sql":"SELECT"})", "secret"};
  EXPECT_EQ(object(e), R"({"code":-32603,"message":"Internal error","data":{"request_id":"req-1"}})");
}

TEST(error_codes, other_errors_bring_their_message_and_data) {
  EXPECT_EQ(object({errc::not_found, "Contract \"a\" not found", R"({"contract_address":"a"})", "detail"}),
            R"({"code":-32001,"message":"Contract \"a\" not found","data":{"contract_address":"a"}})");
  EXPECT_EQ(object({errc::pool_exhausted, "", R"({"size":20})", ""}),
            R"({"code":-32007,"message":"Database pool exhausted","data":{"size":20}})");
  EXPECT_EQ(object({errc::conflict, "could not serialize access", "", ""}),
            R"({"code":-32008,"message":"Database unavailable","data":{"retry_after_s":1}})");
}

TEST(error_codes, whoever_could_not_have_the_database_is_told_when_to_come_back) {
  for (const auto code : {errc::pool_exhausted, errc::database_unavailable, errc::query_timeout, errc::conflict})
    EXPECT_TRUE(object({code, "", "", ""}).ends_with(R"(,"data":{"retry_after_s":1}})")) << object({code, "", "", ""});
  EXPECT_EQ(object({errc::database_unavailable, "", R"({"outcome":"unknown","retry_after_s":1})", ""}),
            R"({"code":-32008,"message":"Database unavailable","data":{"outcome":"unknown","retry_after_s":1}})");
}

}  // namespace
}  // namespace quorate::rpc
