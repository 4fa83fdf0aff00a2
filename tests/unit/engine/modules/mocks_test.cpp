// SPDX-License-Identifier: MIT
#include "engine/modules/mocks.hpp"

#include <gtest/gtest.h>

#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

constexpr auto host_data = R"({"mock_response":{
  "response":{"name of company":"Acme","^Give .*JSON":{"a":1.50},"%d%d%d":"{\"b\":2}","skip":"no match","":"else"},
  "eq_principle_prompt_comparative":{"same":true,"other":{"result":false,"reason":"x"},"text":"true"},
  "eq_principle_prompt_non_comparative":{"":false}}})";

/// The reply as text, with what it is before it; "none" without a mock.
std::string mocked(std::string user, answer_format format, prompt_source source = prompt_source::contract,
                   const char* data = host_data) {
  const auto found = mocked_reply(tests::parsed(data), {.source = source, .format = format, .user = std::move(user)});
  if (!found) return "none";
  if (!*found) return found->error().causes.at(0) + " " + chain::dump_json(found->error().ctx);
  if (const auto* text = std::get_if<std::string>(&**found)) return "text " + *text;
  if (const auto* object = std::get_if<json>(&**found)) return "json " + chain::dump_json(*object);
  return std::get<bool>(**found) ? "true" : "false";
}

TEST(mocks, the_key_is_a_pattern_in_the_user_message) {
  EXPECT_EQ(mocked("What is the name of company 7?", answer_format::text), "text Acme");
  EXPECT_EQ(mocked("Give me some JSON", answer_format::json), R"(json {"a":1.50})");
  EXPECT_EQ(mocked("Please give me some JSON", answer_format::text), "text else");
}

TEST(mocks, values_become_what_is_asked_for) {
  EXPECT_EQ(mocked("Give me JSON", answer_format::text), R"(text {"a":1.50})");
  EXPECT_EQ(mocked("room 101", answer_format::json), R"(json {"b":2})");
  EXPECT_EQ(mocked("other", answer_format::boolean, prompt_source::comparative), "false");
  EXPECT_EQ(mocked("same", answer_format::boolean, prompt_source::comparative), "true");
  EXPECT_EQ(mocked("text", answer_format::boolean, prompt_source::comparative), "true");
}

TEST(mocks, each_template_has_its_table_and_the_leaders_is_that_of_prompts) {
  EXPECT_EQ(mocked("x", answer_format::boolean, prompt_source::comparative), "none");
  EXPECT_EQ(mocked("x", answer_format::boolean, prompt_source::non_comparative_validator), "false");
  EXPECT_EQ(mocked("x", answer_format::text, prompt_source::non_comparative_leader), "text else");
}

TEST(mocks, no_match_is_the_same_as_none) {
  EXPECT_EQ(mocked("skip", answer_format::text), "none");
  for (const char* data :
       {"{}", R"({"mock_response":null})", R"({"mock_response":{}})", R"({"mock_response":{"response":{"a":"b"}}})"})
    EXPECT_EQ(mocked("x", answer_format::text, prompt_source::contract, data), "none") << data;
}

TEST(mocks, a_mock_that_cannot_be_used_is_an_error_that_names_its_key) {
  EXPECT_EQ(mocked("x", answer_format::json),
            R"(INVALID_MOCK {"key":"","message":"neither an object nor the JSON text of one"})");
  EXPECT_EQ(
      mocked("100%", answer_format::text, prompt_source::contract, R"({"mock_response":{"response":{"100%":"a"}}})"),
      R"(INVALID_MOCK {"key":"100%","message":"malformed pattern: it ends with %"})");
  const auto error = mocked_reply(tests::parsed(host_data), {.format = answer_format::boolean, .user = "x"});
  ASSERT_TRUE(error && !*error);
  EXPECT_TRUE(error->error().fatal);
}

TEST(mocks, a_request_is_mocked_by_url_and_method) {
  const auto data = tests::parsed(
      R"({"mock_web_response":{"nondet_web_request":{"https://a.com/x":{"method":"GET","status":201,"body":"b"}}}})");
  ASSERT_NE(mocked_request(data, "https://a.com/x", "GET"), nullptr);
  EXPECT_EQ(mocked_request(data, "https://a.com/x", "GET")->at("status"), 201);
  EXPECT_EQ(mocked_request(data, "https://a.com/x", "POST"), nullptr);
  EXPECT_EQ(mocked_request(data, "https://a.com/", "GET"), nullptr);
  EXPECT_EQ(mocked_request(json::object(), "https://a.com/x", "GET"), nullptr);
}

}  // namespace
}  // namespace quorate::engine::modules
