// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/vm/report.hpp"

namespace quorate::engine::python {

/// The result of a run as hosts take it (docs/spec/genvm.md §1.3). An internal error's `data` is a mapping of causes,
/// fatal, ctx.
chain::bytes encode_result(const run_report& report, const chain::calldata_array& fees_remaining);
chain::bytes encode_internal_error(chain::calldata_map details);

}  // namespace quorate::engine::python
