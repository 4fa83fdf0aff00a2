// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "rpc/method.hpp"
#include "rpc/settings.hpp"

/// Who may call what (docs/spec/json-rpc.md §6, decisions.md Q5, Q32).
namespace quorate::rpc {

/// Takes the same time wherever the texts differ, and whatever their lengths.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// gate::admin_or_signature lets everybody pass: whom it trusts, pass_gate(gate::admin, …) tells. `admin_key`: as the
/// caller gave it, empty if not at all. errc::application otherwise.
status pass_gate(gate g, const settings& s, std::string_view admin_key);

}  // namespace quorate::rpc
