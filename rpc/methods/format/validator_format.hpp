// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "chain/json.hpp"
#include "db/rows.hpp"

namespace quorate::rpc::methods {

/// The validator object of docs/spec/json-rpc.md §5, as JSON text; and its JSON Schema.
std::string format_validator(const db::validator_row& row);
chain::json validator_schema();

}  // namespace quorate::rpc::methods
