// SPDX-License-Identifier: MIT
#include "db/rows.hpp"

#include <algorithm>

namespace quorate::db {

std::string_view to_string(tx_status status) { return tx_status_names.at(static_cast<std::size_t>(status)); }

std::optional<tx_status> parse_tx_status(std::string_view name) {
  const auto* const found = std::find(tx_status_names.begin(), tx_status_names.end(), name);
  if (found == tx_status_names.end()) return std::nullopt;
  return static_cast<tx_status>(found - tx_status_names.begin());
}

}  // namespace quorate::db
