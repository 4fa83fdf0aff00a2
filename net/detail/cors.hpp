// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "net/detail/request_reader.hpp"

/// Cross-origin headers, docs/spec/json-rpc.md §2.1. Every reply carries them, errors and 429 too (Q6), but only when
/// the request names its origin.
namespace quorate::net::detail {

/// OPTIONS with Origin and Access-Control-Request-Method: answered by the server itself, on any path.
bool is_preflight(const request_head& head);

/// The header lines of an ordinary reply, each with its line end; nothing without an Origin.
void append_cors(std::string& out, const request_head& head);

/// The header lines of the answer to a preflight.
void append_preflight(std::string& out, const request_head& head);

}  // namespace quorate::net::detail
