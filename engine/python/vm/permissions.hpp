// SPDX-License-Identifier: MIT
#pragma once

namespace quorate::engine::python {

/// What a run may do (docs/spec/genvm.md §2.10, engine/sdk/_genlayer_wasi.pyi).
struct permissions {
  bool deterministic = true;
  bool read = true;
  bool write = true;
  bool send = true;
  bool call = true;
  bool nondet = true;

  /// For a contract that is called as a view.
  permissions for_callee() const { return {true, true, false, false, call, false}; }
  permissions for_sandbox(bool may_write) const {
    return {deterministic, read, write && may_write, send && may_write, false, false};
  }
  static permissions for_block() { return {false, false, false, false, false, false}; }
  bool operator==(const permissions&) const = default;
};

}  // namespace quorate::engine::python
