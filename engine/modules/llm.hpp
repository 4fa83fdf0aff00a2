// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "engine/modules/backend.hpp"
#include "engine/modules/job.hpp"
#include "engine/modules/mocks.hpp"
#include "engine/modules/prompt.hpp"

/// Which model answers a prompt (docs/spec/genvm.md §4.2).
namespace quorate::engine::modules {

struct exchange_limits {
  std::chrono::milliseconds time{180'000};
  std::size_t bytes = 16u << 20;
};

/// The exchange that asks one provider, and what its outcome means: SENDING_REQUEST (no answer), READING_BODY (half of
/// one), STATUS_NOT_OK, DESERIALIZING; ctx: url, message, status, body.
transport::exchange provider_exchange(const backend& to, const prompt& asked, const exchange_limits& limits);
outcome<reply> provider_outcome(const backend& from, const prompt& asked, const transport::fetched& got);

/// EMPTY_PROMPT; else a mock; else the backend `host_data.studio_llm_id`, and when it fails `fallback_llm_id`, one try
/// each; else NO_PROVIDER_FOR_PROMPT, fatal, with ctx prompt, host_data (without mocks), primary_model, primary_error
/// {provider, model, status, error_message, body}, and the same of the fallback. The answer is a text, for json the
/// text of an object, for bool a truth value.
void answer_prompt(const job_ptr& to, std::shared_ptr<const backends> known, prompt asked, json host_data,
                   const exchange_limits& limits);

/// What is said of a failed attempt.
json error_info(const backend& from, const module_error& error);

}  // namespace quorate::engine::modules
