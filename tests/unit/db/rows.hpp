// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "db/transactions.hpp"
#include "tests/unit/db/fixture.hpp"

namespace quorate::db::tests {

/// "0x" and 64 digits that end in `n`; addresses likewise.
inline std::string hash(int n) {
  const auto digits = std::to_string(n);
  return "0x" + std::string(64 - digits.size(), '0') + digits;
}
inline std::string address(int n) {
  const auto digits = std::to_string(n);
  return "0x" + std::string(40 - digits.size(), 'a') + digits;
}
inline const std::string biggest_wei = std::string(78, '9');

/// A PENDING native transfer.
inline transactions::new_transaction transfer(int n, std::optional<std::string> from, std::optional<std::string> to,
                                              chain::integer value) {
  transactions::new_transaction row;
  row.hash = hash(n);
  row.from_address = std::move(from);
  row.to_address = std::move(to);
  row.value = std::move(value);
  row.data = "{}";
  row.nonce = n;
  return row;
}

}  // namespace quorate::db::tests
