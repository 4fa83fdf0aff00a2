// SPDX-License-Identifier: MIT
#pragma once

#include "engine/host/types.hpp"

namespace quorate::engine::host {

/// Bytes of all slots that a run changes, up to the end of its last change in each: slots are kept whole, with zeros
/// where nothing was written, and a page at the end of a slot would be 4 GiB of them.
inline constexpr std::uint64_t widest_changes = 64 << 20;

/// The bytes of `consumed_result` (docs/spec/genvm.md §1.3), strictly: errc::internal says what is wrong. More than
/// widest_changes is the contract's fault: the VM error `OOM storage`.
result<run_result> decode_result(chain::bytes_view blob);
/// The `status` object of `GET /genvm/{id}`; `consumed_result` as a list of numbers or as base64, null becomes the
/// internal error `no_result`.
result<run_result> decode_status(const chain::json& status);

}  // namespace quorate::engine::host
