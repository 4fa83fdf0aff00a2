// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "chain/calldata_fields.hpp"

/// Typed looks into calldata mappings, for messages between the engine's processes and for contracts' requests.
namespace quorate::engine::python {

using chain::find;
using chain::find_as;
using chain::is_null;

/// A whole number between 0 and `most`.
inline std::optional<std::uint64_t> find_number(const chain::calldata_map& map, const std::string& name,
                                                std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
  const auto* value = find_as<chain::integer>(map, name);
  if (!value || *value < 0 || *value > most) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

inline chain::calldata_value number(std::uint64_t value) { return chain::calldata_value{chain::integer{value}}; }

}  // namespace quorate::engine::python
