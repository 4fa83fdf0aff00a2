// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "chain/calldata.hpp"

/// Typed looks into calldata mappings.
namespace quorate::chain {

/// Null when it is not there.
inline const calldata_value* find(const calldata_map& map, const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

/// The member if it is there and of that type.
template <class T>
const T* find_as(const calldata_map& map, const std::string& name) {
  const auto* value = find(map, name);
  return value ? std::get_if<T>(&value->held) : nullptr;
}

inline bool is_null(const calldata_value& value) { return std::holds_alternative<std::monostate>(value.held); }

}  // namespace quorate::chain
