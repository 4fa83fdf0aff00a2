// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/calldata.hpp"

namespace quorate::engine::python {

/// How a run ends (docs/spec/genvm.md §1.3).
enum class result_kind : std::uint8_t { returned, user_error, vm_error, internal_error };

/// What a run leaves behind: from its process to who started it.
struct run_report {
  result_kind kind = result_kind::vm_error;
  /// Calldata of the value returned; or the UTF-8 text of the error.
  chain::bytes data{};
  /// A run's storage changes as its result has them; those of a run inside another as page_overlay::written gives them.
  chain::calldata_array storage{};
  chain::calldata_array emissions{};
  /// What each block of non-deterministic code gave, as `result` of its report.
  chain::calldata_array nondet_results{};
  /// The first block whose leader's result the validator did not accept.
  std::optional<std::uint32_t> disagreement{};

  /// Kind and data in one, as leaders' results are kept.
  chain::bytes result() const;
  static run_report vm_error(std::string_view code);
};

/// Of a process that ended without a report, by its status as of waitpid.
run_report report_of_exit(int status);

chain::bytes encode_report(const run_report& report);
/// The data is checked, too: calldata when the kind says so, else UTF-8. errc::invalid_params for anything else.
result<run_report> decode_report(chain::bytes_view data);

}  // namespace quorate::engine::python
