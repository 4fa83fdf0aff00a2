// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "chain/json.hpp"

/// JSON Schemas of results, as OpenRPC shows them.
namespace quorate::rpc::methods::schema {

using chain::json;

json quantity();  // minimal 0x integer
json hash();      // 0x and 64 digits
json address();
json hex();  // 0x and any number of bytes
json text(std::string_view description = {});
json integer(std::string_view description = {});
json boolean();
json null();
json nullable(json schema);
json array_of(json items);
/// `members`: name → schema; all of them are required.
json object(json members, std::string_view description = {});

}  // namespace quorate::rpc::methods::schema
