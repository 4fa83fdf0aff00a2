// SPDX-License-Identifier: MIT
#include "rpc/gate.hpp"

#include "chain/keccak.hpp"

namespace quorate::rpc {

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  // Digests have one length and tell nothing about where their texts differ.
  const chain::hash256 left = chain::sha256(chain::as_bytes(a)), right = chain::sha256(chain::as_bytes(b));
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) difference |= left[i] ^ right[i];
  return difference == 0;
}

status pass_gate(gate g, const settings& s, std::string_view admin_key) {
  if (g == gate::open || g == gate::admin_or_signature || (g == gate::hosted_only && !s.hosted)) return {};
  if (!s.admin_api_key.empty()) {
    if (equal_in_constant_time(admin_key, s.admin_api_key)) return {};
    return fail(errc::application, "Invalid or missing admin key", "{}");
  }
  if (s.hosted) return fail(errc::application, "Operation not available in hosted mode", "{}");
  return {};
}

}  // namespace quorate::rpc
