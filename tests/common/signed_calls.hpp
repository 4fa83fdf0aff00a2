// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "chain/signature.hpp"

namespace quorate::tests {

/// An account that signs as clients do.
class signing_account {
 public:
  /// The `number`-th of many; the number is its key.
  explicit signing_account(std::uint64_t number);

  const chain::address20& address() const { return address_; }
  /// Hex of a signed deploy of `code`; each nonce makes another transaction.
  std::string deploy(std::uint64_t nonce, const std::string& code = "code") const;
  /// Hex of a signed call of a contract.
  std::string run(std::uint64_t nonce, const chain::address20& contract) const;
  /// Hex of a signed transfer.
  std::string transfer(std::uint64_t nonce, const chain::address20& to, std::uint64_t wei) const;

 private:
  std::string sign(std::uint64_t nonce, const chain::address20& to, const chain::bytes& data,
                   std::uint64_t value) const;
  std::string add(std::uint64_t nonce, const chain::address20& recipient, const chain::bytes& payload) const;

  chain::private_key key_;
  chain::address20 address_;
};

}  // namespace quorate::tests
