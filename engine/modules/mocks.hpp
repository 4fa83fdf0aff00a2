// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "engine/modules/answer.hpp"
#include "engine/modules/prompt.hpp"

/// Answers that a validator's settings give instead of a model's or a server's, for tests of contracts
/// (`plugin_config.mock_response` and `mock_web_response`; docs/spec/genvm.md §4.2, §4.4).
namespace quorate::engine::modules {

/// What a model answers: a text, for json an object, for bool a truth value.
using reply = std::variant<std::string, json, bool>;

/// Nothing where no mock fits. `host_data.mock_response` has tables `response`, `eq_principle_prompt_comparative` and
/// `eq_principle_prompt_non_comparative`, each from Lua patterns, which the user message is searched for, to replies.
/// Keys are tried in the order of their bytes, "" is what holds when no other key does, and a value "no match" is none.
/// Fatal INVALID_MOCK (ctx: key, message) for a malformed pattern, and for a value that is no reply of the format asked
/// for.
std::optional<outcome<reply>> mocked_reply(const json& host_data, const prompt& asked);

/// The value at `host_data.mock_web_response.nondet_web_request[url]` if its `method` is this one: an object with
/// `status`, `body` and perhaps `headers`. Null where there is none.
const json* mocked_request(const json& host_data, std::string_view url, std::string_view method);

}  // namespace quorate::engine::modules
