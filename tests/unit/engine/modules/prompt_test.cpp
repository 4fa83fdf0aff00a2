// SPDX-License-Identifier: MIT
#include "engine/modules/prompt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/modules/values.hpp"

namespace quorate::engine::modules {
namespace {

using ::testing::HasSubstr;

std::string refusal(const result<prompt>& of) { return of ? "accepted" : of.error().message; }

TEST(prompt, text_goes_to_the_user_message_alone) {
  const auto read = read_prompt(tests::payload(R"({"prompt":"How?","response_format":"text","images":[]})")).value();
  EXPECT_EQ(read.user, "How?");
  EXPECT_EQ(read.system, "");
  EXPECT_EQ(read.format, answer_format::text);
  EXPECT_EQ(read.temperature, 0.7);
  EXPECT_EQ(read.max_tokens, 4000);
}

TEST(prompt, json_is_asked_for_in_the_system_message) {
  const auto read = read_prompt(tests::payload(R"({"prompt":"How?","response_format":"json"})")).value();
  EXPECT_EQ(read.format, answer_format::json);
  EXPECT_THAT(read.system, HasSubstr("JSON object"));
}

TEST(prompt, images_are_known_by_their_first_bytes) {
  using chain::calldata_array;
  using chain::calldata_value;
  const auto base = tests::payload(R"({"prompt":"","response_format":"text"})");
  const auto of = [&](calldata_array images) {
    return read_prompt(tests::with(base, "images", calldata_value{std::move(images)}));
  };
  const auto both = of({calldata_value{tests::png()}, calldata_value{tests::jpeg()}}).value();
  EXPECT_EQ(both.images.at(0).mime, "image/png");
  EXPECT_EQ(both.images.at(1).mime, "image/jpeg");
  EXPECT_EQ(refusal(of({calldata_value{chain::bytes{'G', 'I', 'F'}}})), "images: neither PNG nor JPEG");
  EXPECT_EQ(refusal(of({calldata_value{"text"}})), "images: bytes are expected");
  EXPECT_EQ(refusal(of(calldata_array(3, calldata_value{tests::png()}))), "images: at most 2");
}

TEST(prompt, white_space_is_blank_until_there_is_an_image) {
  prompt asked{.user = " \n\t"};
  EXPECT_TRUE(is_blank(asked));
  asked.images.push_back({.mime = "image/png", .data = tests::png()});
  EXPECT_FALSE(is_blank(asked));
  EXPECT_FALSE(is_blank({.user = "x"}));
}

TEST(prompt, what_is_wrong_is_named) {
  EXPECT_EQ(refusal(read_prompt({})), "prompt: missing");
  EXPECT_EQ(refusal(read_prompt(tests::payload(R"({"prompt":1,"response_format":"text"})"))),
            "prompt: a text is expected");
  EXPECT_EQ(refusal(read_prompt(tests::payload(R"({"prompt":"a"})"))), "response_format: missing");
  EXPECT_EQ(refusal(read_prompt(tests::payload(R"({"prompt":"a","response_format":"xml"})"))),
            "response_format: neither text nor json");
  EXPECT_EQ(refusal(read_template(tests::payload(R"({"template":"Other"})"))), "template: unknown");
  EXPECT_EQ(refusal(read_template(tests::payload(R"({"template":"EqComparative","principle":"p"})"))),
            "leader_answer: missing");
}

TEST(prompt, templates_hold_every_value_as_it_is) {
  const auto comparative = read_template(tests::payload(
      R"({"template":"EqComparative","leader_answer":"L #{principle}","validator_answer":"V %1","principle":"P"})"));
  ASSERT_TRUE(comparative);
  EXPECT_EQ(comparative->format, answer_format::boolean);
  EXPECT_EQ(comparative->source, prompt_source::comparative);
  EXPECT_EQ(comparative->user, "Rule:\nP\n\nFirst answer:\nL #{principle}\n\nSecond answer:\nV %1");
  EXPECT_THAT(comparative->system, HasSubstr("\"result\""));

  const auto leader =
      read_template(tests::payload(R"({"template":"EqNonComparativeLeader","task":"T","input":"I","criteria":"C"})"));
  ASSERT_TRUE(leader);
  EXPECT_EQ(leader->format, answer_format::text);
  EXPECT_EQ(leader->source, prompt_source::non_comparative_leader);
  EXPECT_EQ(leader->user, "Task:\nT\n\nCriteria:\nC\n\nInput:\nI");

  const auto validator = read_template(
      tests::payload(R"({"template":"EqNonComparativeValidator","task":"T","output":"O","input":"I","criteria":"C"})"));
  ASSERT_TRUE(validator);
  EXPECT_EQ(validator->format, answer_format::boolean);
  EXPECT_EQ(validator->source, prompt_source::non_comparative_validator);
  EXPECT_EQ(validator->user, "Task:\nT\n\nCriteria:\nC\n\nInput:\nI\n\nResult:\nO");
}

TEST(prompt, its_description_has_no_images_and_no_endless_texts) {
  const prompt asked{.user = std::string(10'000, 'x'), .images = {{.mime = "image/png", .data = tests::png()}}};
  const auto shown = describe(asked);
  EXPECT_LE(shown.at("user_message").get<std::string>().size(), 4096u + 3);
  EXPECT_EQ(shown.at("images"), 1);
  EXPECT_FALSE(shown.contains("system_message"));
}

}  // namespace
}  // namespace quorate::engine::modules
