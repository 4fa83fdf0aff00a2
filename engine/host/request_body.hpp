// SPDX-License-Identifier: MIT
#pragma once

#include "engine/host/types.hpp"

namespace quorate::engine::host {

/// The body of `POST /genvm/run` (docs/spec/genvm.md §1.2). errc::invalid_params for text that is not UTF-8.
result<chain::bytes> encode_request(const run_request& request, const std::string& host_socket);

}  // namespace quorate::engine::host
