// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "actors/events.hpp"
#include "rpc/detail/core.hpp"

/// endpoint_call, endpoint_success and endpoint_error (docs/spec/json-rpc.md §4.4, decisions.md Q13). Nothing is said
/// of methods behind the admin gate; members with a secret's name are left out. When hosted, a call is told to its own
/// session alone.
namespace quorate::rpc::detail {

/// Where the events of one call go.
struct call_trail {
  std::string room;
  std::string params;  // JSON text
  std::optional<std::string> transaction_hash, client_id, account_address;
};

/// Says that the call has begun. Nothing when nobody listens.
std::optional<call_trail> tell_call(const core& with, const method& m, const call& c);
void tell_end(const core& with, const method& m, const call_trail& trail, const result<json_text>& value);

/// JSON text as an event shows it: a long one becomes a string of its two ends.
std::string shortened(std::string text);
/// Takes members with a secret's name out, at every depth.
void remove_secrets(json& value);

}  // namespace quorate::rpc::detail
