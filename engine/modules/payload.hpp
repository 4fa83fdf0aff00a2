// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "chain/calldata.hpp"

namespace quorate::engine::modules {

/// A member of a mapping; null where there is none, also of what is no mapping.
const chain::calldata_value* member(const chain::calldata_value& payload, std::string_view name);
/// A member that is a text. errc::invalid_params "<name>: …" otherwise.
result<std::string> text_member(const chain::calldata_value& payload, std::string_view name);

}  // namespace quorate::engine::modules
