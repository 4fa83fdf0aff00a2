// SPDX-License-Identifier: MIT
#pragma once

#include "engine/python/vm/machine.hpp"

/// What frames of the control stream carry (frames.hpp), as calldata.
namespace quorate::engine::python {

/// manager → run.
struct run_order {
  run_message message;
  permissions may{};
  /// Which state the contract's code and storage are read from.
  storage_mode mode = storage_mode::current;
  bool is_sync = false;
  /// `:test` and `:latest` runners are allowed.
  bool debug = false;
  /// A deployment brings its code along.
  std::optional<chain::bytes> code{};
  std::optional<std::vector<chain::bytes>> leader_results{};
  /// Compile only: the report returns the code objects; `code` is there.
  bool compile_only = false;
};

/// run → manager, before any of the contract's code.
struct run_opening {
  /// Of the running contract, in wei.
  chain::integer balance = 0;
  std::set<slot_id> locked{};
};

/// run → manager.
struct call_order {
  run_message message;
  permissions may{};
  storage_mode mode = storage_mode::latest_non_final;
};

chain::bytes encode_order(const run_order& order);
result<run_order> decode_order(chain::bytes_view data);
chain::bytes encode_opening(const run_opening& opening);
result<run_opening> decode_opening(chain::bytes_view data);
chain::bytes encode_call(const call_order& order);
result<call_order> decode_call(chain::bytes_view data);

}  // namespace quorate::engine::python
