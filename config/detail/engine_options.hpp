// SPDX-License-Identifier: MIT
#pragma once

#include "config/option.hpp"

namespace quorate::config {

/// What runs contracts.
std::vector<option> engine_options();

}  // namespace quorate::config
