// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "engine/modules/llm.hpp"

/// `POST /llm/check` (docs/spec/genvm.md §1.2): does a model answer?
namespace quorate::engine::modules {

struct check_request {
  std::vector<backend> configs;
  std::vector<prompt> prompts;
};

/// `{"configs": [{"host", "provider", "model", "key"?}], "test_prompts": [{"user_message", "system_message"?,
/// "temperature"?, "max_tokens"?, "use_max_completion_tokens"?}]}`, at most 1000 attempts. A key may name variables.
/// errc::invalid_params "configs[0].host: …".
result<check_request> read_check(const json& request, const environment& variables);

/// Each configuration with each prompt, eight at a time. `done` gets `[{"config_index", "prompt_index", "available",
/// "error"?, "response"?}]`, in that order, on the transport's thread.
void run_check(transport& by, check_request what, const exchange_limits& limits, std::function<void(json)> done);

}  // namespace quorate::engine::modules
