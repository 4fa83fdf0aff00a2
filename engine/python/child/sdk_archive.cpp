// SPDX-License-Identifier: MIT
#include "engine/python/child/sdk_archive.hpp"

#include "engine/python/embedded_sdk.hpp"

namespace quorate::engine::python {

chain::bytes_view sdk_archive() { return embedded::sdk; }

}  // namespace quorate::engine::python
