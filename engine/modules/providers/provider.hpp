// SPDX-License-Identifier: MIT
#pragma once

#include "engine/modules/answer.hpp"
#include "engine/modules/backend.hpp"
#include "engine/modules/http_message.hpp"
#include "engine/modules/mocks.hpp"
#include "engine/modules/prompt.hpp"

/// How each provider is asked and what it answers (docs/spec/genvm.md §4.3): pure functions, no network.
namespace quorate::engine::modules {

http_request provider_request(const backend& to, const prompt& asked);

/// Errors are fatal for the attempt: STATUS_NOT_OK (ctx: url, status, headers, body) for every status but 200, and
/// DESERIALIZING (ctx: url, message). No key is in them.
outcome<reply> provider_reply(const backend& from, const prompt& asked, const http_response& response);

/// Where its requests go, without a query, and without the key.
std::string provider_url(const backend& of);

/// `text` with *** for the key, wherever it stands: providers like to quote it.
std::string without_key(std::string text, const std::string& key);

}  // namespace quorate::engine::modules
