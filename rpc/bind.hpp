// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "rpc/method.hpp"

/// From a request's `params` to one value per declared parameter (docs/spec/json-rpc.md §2.3 and §5, decisions.md Q2,
/// Q5, Q18, Q37). Every refusal is -32602 and names what is wrong.
namespace quorate::rpc {

/// Name of the parameter that every gated method takes behind its own (Q5).
inline constexpr std::string_view admin_key_name = "admin_key";

struct arguments {
  std::vector<json> values;  // one per declared parameter; omitted ones hold their fallback
  std::vector<bool> given;   // false: omitted, or null for an optional parameter
  std::string admin_key;     // empty: not given
};

/// Puts the arguments in the order of the declaration; the values themselves are not looked at.
result<arguments> arrange(const method& m, json params);
/// Checks every given value against its type and brings it to the form that handlers get.
status check_types(const method& m, arguments& args);
/// One value for this parameter.
status check_type(const param& declared, json& value);

}  // namespace quorate::rpc
