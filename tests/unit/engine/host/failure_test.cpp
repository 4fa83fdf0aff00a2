// SPDX-License-Identifier: MIT
#include "engine/host/failure.hpp"

#include <gtest/gtest.h>

namespace quorate::engine::host {
namespace {

run_result internal_map(chain::json map) {
  run_result out;
  out.data = chain::calldata_from_json(map).value();
  return out;
}

TEST(failure, a_run_that_returned_has_none) {
  run_result out;
  out.kind = result_kind::returned;
  EXPECT_EQ(classify(out).code, "");
}

/// docs/spec/genvm.md §1.6.
TEST(failure, causes_have_codes) {
  for (auto [cause, code] :
       {std::pair{"NO_PROVIDER_FOR_PROMPT", "LLM_NO_PROVIDER"}, std::pair{"EMPTY_PROMPT", "LLM_INVALID_PROMPT"},
        std::pair{"STATUS_NOT_OK", "LLM_PROVIDER_ERROR"}, std::pair{"WEBPAGE_LOAD_FAILED", "WEB_REQUEST_FAILED"},
        std::pair{"TLD_FORBIDDEN", "WEB_TLD_FORBIDDEN"}, std::pair{"SOMETHING", "INTERNAL_ERROR"}}) {
    const auto of_map = classify(internal_map({{"causes", {cause}}, {"fatal", true}}));
    EXPECT_EQ(of_map.code, code);
    EXPECT_TRUE(of_map.fatal);
    const auto of_text = classify(
        internal_error(std::string{"ModuleError { causes: [\"X\", \""} + cause + "\"], fatal: false, ctx: {} }"));
    EXPECT_EQ(of_text.code, code);
    EXPECT_FALSE(of_text.fatal);
  }
}

TEST(failure, an_overloaded_provider_goes_before_its_causes) {
  EXPECT_EQ(classify(internal_map({{"causes", {"STATUS_NOT_OK"}}, {"ctx", {{"status", 429}}}})).code,
            "LLM_RATE_LIMITED");
  EXPECT_EQ(
      classify(internal_map({{"causes", {"STATUS_NOT_OK"}}, {"ctx", {{"body", {{"error", {{"code", 529}}}}}}}})).code,
      "LLM_RATE_LIMITED");
  EXPECT_EQ(classify(internal_map({{"causes", {"STATUS_NOT_OK"}}, {"ctx", {{"status", 500}}}})).code,
            "LLM_PROVIDER_ERROR");
}

TEST(failure, words_help_where_no_cause_is_known) {
  EXPECT_EQ(classify(internal_error("Rate limit hit")).code, "LLM_RATE_LIMITED");
  EXPECT_EQ(classify(internal_error("Authentication failed")).code, "LLM_INVALID_API_KEY");
  EXPECT_EQ(classify(internal_error("OpenAI timeout")).code, "LLM_TIMEOUT");
  EXPECT_EQ(classify(internal_error("timeout")).code, "GENVM_TIMEOUT");
  EXPECT_EQ(classify(internal_error("no provider")).code, "LLM_NO_PROVIDER");
}

TEST(failure, a_contracts_failures_are_its_own) {
  EXPECT_EQ(classify(vm_error("exit_code 1")).code, "CONTRACT_ERROR");
  EXPECT_EQ(classify(vm_error("timeout")).code, "GENVM_TIMEOUT");
  auto out = vm_error("no");
  out.kind = result_kind::user_error;
  EXPECT_EQ(classify(out).code, "CONTRACT_ERROR");
}

TEST(failure, text_is_taken_apart) {
  const auto parsed = parse_internal_error(R"(ModuleError { causes: ["A", "B"], fatal: true, ctx: {} })");
  EXPECT_EQ(parsed.causes, (std::vector<std::string>{"A", "B"}));
  EXPECT_TRUE(parsed.fatal);
  for (const char* odd : {"", "causes: [", "causes: [\"", "causes: [\"A"})
    EXPECT_TRUE(parse_internal_error(odd).causes.empty()) << odd;
}

}  // namespace
}  // namespace quorate::engine::host
