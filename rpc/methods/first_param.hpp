// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "rpc/method.hpp"

namespace quorate::rpc::methods {

/// The key of a read by the method's first parameter: an address or a hash, checked already.
inline result<std::string> first_param(const call& c) { return c.params[0].get<std::string>(); }

}  // namespace quorate::rpc::methods
