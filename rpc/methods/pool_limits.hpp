// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "actors/pool/settings.hpp"
#include "rpc/method.hpp"

namespace quorate::rpc::methods {

/// The optional parameters of dev_setPoolLimits, in the order limit_changes reads them.
std::vector<param> limit_params();

/// What one call of dev_setPoolLimits asks for.
class limit_changes {
 public:
  /// -32602 names the first parameter that is out of range or of the wrong type.
  static result<limit_changes> from(const std::vector<json>& params);
  /// `current` with the changes made. -32602 when the figures do not fit together.
  result<actors::pool_settings> apply(actors::pool_settings current) const;

 private:
  bool named(std::string_view name) const;

  std::vector<json> values_;  // null: not named
};

}  // namespace quorate::rpc::methods
