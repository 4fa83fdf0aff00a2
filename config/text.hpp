// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "chain/result.hpp"
#include "config/option.hpp"

namespace quorate::config {

/// The value of `o` written in `text` as `written` says. The error says what is wrong with the text and what is
/// allowed; the caller adds key and source.
result<setting> parse(const option& o, std::string_view text, notation written = notation::own);

/// Only the bounds and choices, for a value that came typed out of the file.
result<setting> check(const option& o, setting value);

/// The inverse of parse(): `1h`, `2MiB`, `true`, `a, b`.
std::string to_text(const option& o, const setting& value);
/// As a TOML value: `"1h"`, `20`, `["a", "b"]`.
std::string to_toml(const option& o, const setting& value);
/// A quoted TOML (and JSON) string.
std::string toml_string(std::string_view text);

/// `1500ms`, `30s`, `5min`, `1h`: the largest unit that leaves a whole number.
std::string to_text(std::chrono::milliseconds d);

}  // namespace quorate::config
