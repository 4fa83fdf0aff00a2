// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/result.hpp"

namespace quorate::net::detail {

/// An IP address as 16 bytes; IPv4 in its IPv4-mapped form, so that both families compare alike.
using ip_bytes = std::array<std::uint8_t, 16>;

/// Empty unless `text` is exactly one IPv4 or IPv6 address (no port, no brackets, no zone).
std::optional<ip_bytes> parse_ip(std::string_view text);
/// Dotted form for IPv4 and IPv4-mapped addresses, RFC 5952 form for IPv6.
std::string to_text(const ip_bytes& address);

/// Who the client is when proxies stand in between (docs/spec/json-rpc.md §11).
class client_address {
 public:
  /// `trusted_proxies`: addresses or CIDR blocks ("10.0.0.0/8", "::1"). errc::invalid_params names a bad entry.
  static result<client_address> make(const std::vector<std::string>& trusted_proxies);

  bool trusted(const ip_bytes& address) const;

  /// The peer, unless it is a trusted proxy; then the rightmost valid entry of X-Forwarded-For that is not itself
  /// trusted, else its first valid entry, else a valid X-Real-IP, else the peer.
  std::string find(const ip_bytes& peer, std::string_view forwarded_for, std::string_view real_ip) const;

 private:
  struct block {
    ip_bytes address;
    unsigned bits;
  };
  std::vector<block> trusted_;
};

}  // namespace quorate::net::detail
