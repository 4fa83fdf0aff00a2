// SPDX-License-Identifier: MIT
#pragma once

#include "engine/host/types.hpp"

namespace quorate::engine::host {

/// The bytes of `consumed_result` (docs/spec/genvm.md §1.3), strictly: errc::internal says what is wrong.
result<run_result> decode_result(chain::bytes_view blob);
/// The `status` object of `GET /genvm/{id}`; `consumed_result` as a list of numbers or as base64, null becomes the
/// internal error `no_result`.
result<run_result> decode_status(const chain::json& status);

}  // namespace quorate::engine::host
