// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/metrics.hpp"

/// docs/metrics.md is the golden list: one table row per metric with its type, label names and meaning. These functions
/// render and check it, so that the page, the code and what `/metrics` serves cannot drift apart.
namespace quorate::actors::metrics {

/// One row per metric of the live set, sorted by name: "| `name` | type | `label`, … | meaning |".
std::string docs_table(const registry& live);

/// What differs between the live set and the page's table, one sentence each; empty when they agree. A row of the page
/// whose metric is not live is a difference, too.
std::vector<std::string> docs_differences(const registry& live, std::string_view page);

}  // namespace quorate::actors::metrics
