// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "engine/modules/answer.hpp"

/// Models' texts, where they were asked for JSON.
namespace quorate::engine::modules {

/// Without the ``` fence (and its language) that models put around code, and without white space around it all.
std::string_view without_fences(std::string_view text);
/// The JSON object that such a text is. DESERIALIZING (ctx: message, and the text, at most 1 kB of it) otherwise.
outcome<json> read_object(std::string_view text);
/// The truth value at `result`; nothing where there is none.
std::optional<bool> read_result(const json& object);

}  // namespace quorate::engine::modules
