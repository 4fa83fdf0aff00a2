// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// docs/metrics.md is the golden list: one table row per metric with its type, label names and meaning. These functions
/// render and check it against what `/metrics` serves, so that the page, the code and the live set cannot drift apart.
namespace quorate::actors::metrics {

/// One row per metric of a page in Prometheus' text form, sorted by name: "| `name` | type | `label`, … | meaning |".
/// The bound of a histogram's bucket is not a label.
std::string docs_table(std::string_view exposition);

/// What differs between that page and the document's table, one sentence each; empty when they agree. A row whose
/// metric is not live is a difference, too.
std::vector<std::string> docs_differences(std::string_view exposition, std::string_view document);

}  // namespace quorate::actors::metrics
