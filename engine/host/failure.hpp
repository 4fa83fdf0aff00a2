// SPDX-License-Identifier: MIT
#pragma once

#include "engine/host/types.hpp"

namespace quorate::engine::host {

/// Why a run did not return, in the words that receipts have (docs/spec/genvm.md §1.6).
struct failure {
  /// LLM_RATE_LIMITED, …; empty for a run that returned.
  std::string code{};
  /// What an internal error said: causes, fatal, ctx; null for others.
  chain::json raw{};
  bool fatal = false;
};
failure classify(const run_result& outcome);

/// The members of an internal error's Rust-like text: `ModuleError { causes: ["X"], fatal: true, … }`.
struct internal_text {
  std::vector<std::string> causes{};
  bool fatal = false;
};
internal_text parse_internal_error(std::string_view text);

}  // namespace quorate::engine::host
