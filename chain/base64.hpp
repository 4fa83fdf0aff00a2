// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chain/hex.hpp"

/// Standard alphabet with padding: how bytes travel inside JSON (docs/spec/database.md §2.1 "byte strings").
namespace quorate::chain {

std::string to_base64(bytes_view data);
/// Empty for a character outside the alphabet, a wrong length or wrong padding.
std::optional<bytes> from_base64(std::string_view text);

}  // namespace quorate::chain
