// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "chain/result.hpp"

/// The one table from errc to JSON-RPC (docs/spec/json-rpc.md §2.4, docs/spec/decisions.md).
namespace quorate::rpc {

/// How a call ended, as metrics and logs say it.
enum class outcome { ok, refused, failed, shed, abandoned };
inline constexpr std::size_t outcomes = 5;
std::string_view to_string(outcome o);

struct error_code {
  int code;                  // JSON-RPC
  std::string_view message;  // when the error brings none
  rpc::outcome outcome;      // whose fault: `refused` the caller's, `failed` ours
  bool own_words;            // the error's message may reach a client
};
error_code describe(errc code);

/// Appends the error object. An unexpected failure shows `Internal error` and the request id, nothing else (Q2).
void append_error_object(std::string& out, const error& e, std::string_view request_id);

}  // namespace quorate::rpc
