// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "rpc/method.hpp"

/// What the method table says about itself: to clients as an OpenRPC document, to people as docs/methods.md.
namespace quorate::rpc {

/// Adds `rpc_modules` and `rpc.discover`. Both describe the table as it is now, themselves included: add them last.
void add_discovery(method_table& table, std::string_view version);

/// OpenRPC 1.2 (https://spec.open-rpc.org).
json openrpc_document(const method_table& table, std::string_view version);
/// JSON Schema of what a parameter of this type may be.
json schema_of(param_type type);
/// The name used in messages and docs: "address", "integer".
std::string_view to_string(param_type type);

/// The text of docs/methods.md; a test holds the file to it.
std::string methods_markdown(const method_table& table);

}  // namespace quorate::rpc
