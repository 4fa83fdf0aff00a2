// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "chain/json.hpp"
#include "engine/python/link/orders.hpp"

namespace quorate::engine::python {

/// The body of `POST /genvm/run` (docs/spec/genvm.md §1.2).
struct manager_request {
  run_order order;
  /// Path of the host's socket.
  std::string host_path;
  chain::json host_data{};
  bool capture_output = true;
  std::chrono::minutes most_time{20};
  /// What goes back as data_fees_remaining.
  chain::calldata_array bucket_totals{};
};

/// errc::invalid_params names the field.
result<manager_request> decode_request(chain::bytes_view body);

}  // namespace quorate::engine::python
