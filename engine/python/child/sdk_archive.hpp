// SPDX-License-Identifier: MIT
#pragma once

#include "chain/hex.hpp"

namespace quorate::engine::python {

/// engine/sdk as a ZIP archive, so that the engine is one file.
chain::bytes_view sdk_archive();

}  // namespace quorate::engine::python
