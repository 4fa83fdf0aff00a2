// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chain/calldata.hpp"
#include "chain/json.hpp"
#include "chain/result.hpp"

namespace quorate::engine::modules {

/// What a provider is asked to answer with.
enum class answer_format : std::uint8_t { text, json, boolean };
std::string_view name(answer_format format);

/// Where a prompt comes from; decides which mocks count (docs/spec/genvm.md §4.2).
enum class prompt_source : std::uint8_t { contract, comparative, non_comparative_leader, non_comparative_validator };

struct image {
  std::string_view mime = {};  // image/png or image/jpeg
  chain::bytes data = {};
};

/// A question to a language model, as no provider in particular wants it.
struct prompt {
  prompt_source source = prompt_source::contract;
  answer_format format = answer_format::text;
  std::string system = {};  // empty: none
  std::string user = {};
  std::vector<image> images = {};
  double temperature = 0.7;
  std::int64_t max_tokens = 4000;
};

/// White space only, and no image to look at.
bool is_blank(const prompt& asked);
/// For circumstances of an error: texts of at most 4 kB, images as their number.
chain::json describe(const prompt& asked);

/// The payloads of ExecPrompt and ExecPromptTemplate (engine/sdk/_genlayer_wasi.pyi). errc::invalid_params names the
/// member that is missing or of another type.
result<prompt> read_prompt(const chain::calldata_value& payload);
result<prompt> read_template(const chain::calldata_value& payload);

}  // namespace quorate::engine::modules
